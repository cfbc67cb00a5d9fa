import type { LogLevelName } from "../../../../../server/contract/logs.ts";
import { Field } from "../../../components/field.tsx";
import { Loaded } from "./loaded.tsx";
import { LEVELS } from "./log-levels.ts";
import { useLogLevel, useLogLevelChange } from "./log-queries.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

const AS_SET = "";

/** How much is written, for all replicas and until somebody chooses otherwise. */
export function LogLevelChoice() {
  const { s } = useSystemI18n();
  const level = useLogLevel();
  const change = useLogLevelChange();
  return (
    <Loaded query={level} failed={s("log.levelFailed")}>
      {({ level: current, configured, isChosen }) => (
        <Field label={s("log.level")} hint={s(isChosen ? "log.levelChosen" : "log.levelHint")}>
          {(control) => (
            <select
              {...control}
              value={isChosen ? current : AS_SET}
              onChange={(event) => change.mutate((event.target.value || null) as LogLevelName | null)}
            >
              <option value={AS_SET}>{s("log.asSet", { level: s(`log.levels.${configured}`) })}</option>
              {LEVELS.map((one) => (
                <option key={one} value={one}>
                  {s(`log.writes.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </Loaded>
  );
}
