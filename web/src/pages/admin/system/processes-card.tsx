import type { ProcessList } from "../../../api/system.ts";
import { formatDuration } from "../../../i18n/format.ts";
import { AccountCard } from "../../account/account-card.tsx";
import { useProcesses, useProcessSwitch } from "./control-queries.ts";
import { Loaded } from "./loaded.tsx";
import { Toggle } from "./toggle.tsx";
import { useSystemI18n } from "./use-system-i18n.ts";

type Process = ProcessList["items"][number];

function ProcessRow({ process }: { process: Process }) {
  const { s, language } = useSystemI18n();
  const turn = useProcessSwitch();
  const { name, isRunning, isSetUp, rhythm } = process;
  const pace =
    rhythm.kind === "seconds"
      ? s("processes.every", { time: formatDuration(rhythm.value ?? 0, language) })
      : rhythm.kind === "daily"
        ? s("processes.daily", { hour: `${String(rhythm.value ?? 0).padStart(2, "0")}:00` })
        : "";
  const hint = isSetUp
    ? [s(`processes.hints.${name}`), pace]
    : [s(`processes.hints.${name}`), s("processes.missing")];
  const turning = turn.isPending && turn.variables.name === name ? turn.variables.isOn : isRunning;
  return (
    <li>
      <Toggle
        label={s(`processes.names.${name}`)}
        hint={hint.filter(Boolean).join(" ")}
        isOn={turning}
        disabled={!isSetUp}
        onChange={(isOn) => turn.mutate({ name, isOn })}
      />
    </li>
  );
}

/** What goes on by itself, each with its switch. */
export function ProcessesCard() {
  const { s } = useSystemI18n();
  const processes = useProcesses();
  return (
    <AccountCard heading={s("processes.heading")} lead={s("processes.lead")}>
      <Loaded query={processes} failed={s("processes.failed")}>
        {({ items }) => (
          <ul className="sys-list">
            {items.map((process) => (
              <ProcessRow key={process.name} process={process} />
            ))}
          </ul>
        )}
      </Loaded>
    </AccountCard>
  );
}
