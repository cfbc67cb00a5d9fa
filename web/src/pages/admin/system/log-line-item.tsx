import type { LogLine } from "../../../../../server/contract/logs.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

/** One line of the log; all that it says besides is below it on demand. */
export function LogLineItem({ line }: { line: LogLine }) {
  const { s, language } = useSystemI18n();
  const { timestamp, level, message, requestId, generationId, userId, traceId, details } = line;
  const time = new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(new Date(timestamp));
  const more = Object.entries({ requestId, generationId, userId, traceId, ...details }).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  const head = (
    <>
      <time dateTime={timestamp}>{time}</time> <span className="sys-level">{s(`log.levels.${level}`)}</span>{" "}
      <span>{message}</span>
    </>
  );
  return (
    <li data-level={level}>
      {more.length === 0 ? (
        <p className="sys-log-head">{head}</p>
      ) : (
        <details>
          <summary className="sys-log-head">{head}</summary>
          <dl className="sys-facts">
            {more.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <code>{typeof value === "string" ? value : JSON.stringify(value, null, 1)}</code>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}
