import type { SystemStats } from "../../../../../server/contract/system.ts";
import { formatRoubles } from "../../../components/money/use-money-i18n.ts";
import { formatBytes } from "../../../i18n/format.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

type Period = SystemStats["allTime"];

/** The figures of the last day beside those of all time. */
export function PeriodTable({ stats }: { stats: SystemStats }) {
  const { s, language } = useSystemI18n();
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const rows: [string, (period: Period) => string][] = [
    [s("work.rows.users"), ({ users }) => number.format(users)],
    [s("work.rows.models"), ({ models }) => number.format(models)],
    [s("work.rows.generations"), ({ generations }) => number.format(generations)],
    [s("work.states.succeeded"), ({ succeeded }) => number.format(succeeded)],
    [s("work.states.failed"), ({ failed }) => number.format(failed)],
    [s("work.states.canceled"), ({ canceled }) => number.format(canceled)],
    [s("work.success"), ({ successRate }) => (successRate === null ? "–" : percent.format(successRate))],
    [s("work.rows.charged"), ({ roubles }) => formatRoubles(roubles.charged, language)],
    [s("work.rows.photos"), ({ bytes }) => formatBytes(bytes.photos, language)],
    [s("work.rows.files"), ({ bytes }) => formatBytes(bytes.models, language)],
  ];
  return (
    <details>
      <summary>{s("work.all")}</summary>
      <table className="sys-table">
        <thead>
          <tr>
            <td />
            <th scope="col">{s("work.day")}</th>
            <th scope="col">{s("work.ever")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, read]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{read(stats.last24Hours)}</td>
              <td>{read(stats.allTime)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
