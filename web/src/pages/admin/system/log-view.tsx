import { Pause, Play } from "lucide-react";
import { useState } from "react";
import type { LogLevelName } from "../../../../../server/contract/logs.ts";
import { Button } from "../../../components/button.tsx";
import { Field } from "../../../components/field.tsx";
import { useDebounced } from "../../../hooks/use-debounced.ts";
import { AccountCard } from "../../account/account-card.tsx";
import { Loaded } from "./loaded.tsx";
import { keysOf } from "./log-keys.ts";
import { LogLevelChoice } from "./log-level-choice.tsx";
import { LEVELS } from "./log-levels.ts";
import { LogLineItem } from "./log-line-item.tsx";
import { useLog } from "./log-queries.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

const LINES = 200;
const SETTLE_MS = 300;

/** What the server writes into its log, the newest first, as it is written. */
export function LogView() {
  const { s } = useSystemI18n();
  const [level, setLevel] = useState<LogLevelName>("info");
  const [text, setText] = useState("");
  const [isPaused, setIsPaused] = useState(false);
  const q = useDebounced(text.trim(), SETTLE_MS);
  const log = useLog({ lines: LINES, level, q }, isPaused);
  const Icon = isPaused ? Play : Pause;
  return (
    <AccountCard heading={s("log.heading")} lead={s("log.lead")}>
      <LogLevelChoice />
      <search className="sys-filters">
        <Field label={s("log.show")}>
          {(control) => (
            <select
              {...control}
              value={level}
              onChange={(event) => setLevel(event.target.value as LogLevelName)}
            >
              {LEVELS.map((one) => (
                <option key={one} value={one}>
                  {s(`log.from.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={s("log.search")}>
          {(control) => (
            <input
              {...control}
              type="search"
              maxLength={200}
              autoComplete="off"
              placeholder={s("log.searchHint")}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <Button onClick={() => setIsPaused(!isPaused)}>
          <Icon size={18} aria-hidden="true" />
          {s(isPaused ? "log.resume" : "log.pause")}
        </Button>
      </search>
      <Loaded query={log} failed={s("log.failed")}>
        {({ lines }) =>
          lines.length === 0 ? (
            <p className="sys-quiet">{s("log.none")}</p>
          ) : (
            <ol className="sys-log" aria-label={s("log.lines")} aria-busy={log.isPlaceholderData}>
              {keysOf(lines).map((key, index) => (
                <LogLineItem key={key} line={lines[index]} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </AccountCard>
  );
}
