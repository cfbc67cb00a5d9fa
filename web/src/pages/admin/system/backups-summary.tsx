import type { BackupStatus } from "../../../../../server/contract/backup.ts";
import { formatAgo } from "../../../i18n/format.ts";
import { useBackupActions } from "./backup-queries.ts";
import { Figures } from "./figures.tsx";
import { Toggle } from "./toggle.tsx";
import { useSystemI18n } from "./use-system-i18n.ts";

/** When there was one, whether it was proved, and when the next one comes. */
export function BackupFigures({ status, now }: { status: BackupStatus; now: number }) {
  const { s, language } = useSystemI18n();
  const { lastSuccessAt, lastVerifiedAt, schedule, retentionDays } = status;
  const moment = new Intl.DateTimeFormat(language, {
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  const next = (time: string | undefined) =>
    time === undefined
      ? s("backups.none")
      : Date.parse(time) <= now
        ? s("backups.due")
        : moment.format(new Date(time));
  const ago = (time: string | null) => (time ? formatAgo(time, now, language) : s("backups.never"));
  return (
    <Figures
      items={[
        { label: s("backups.last"), value: ago(lastSuccessAt) },
        {
          label: s("backups.verified"),
          value: ago(lastVerifiedAt),
          hint: lastVerifiedAt ? undefined : s("backups.unproved"),
        },
        {
          label: s("backups.next"),
          value: next(schedule.next?.at),
          hint: schedule.next ? s(`backups.kinds.${schedule.next.kind}`) : undefined,
        },
        {
          label: s("backups.kept"),
          value: s("backups.days", { count: retentionDays }),
          hint: s("backups.keptHint"),
        },
      ]}
    />
  );
}

/** Whether backups are made by themselves, and when. */
export function BackupSchedule({ schedule }: { schedule: BackupStatus["schedule"] }) {
  const { s } = useSystemI18n();
  const actions = useBackupActions();
  const { state, dailyHour, weeklyDay } = schedule;
  const values = {
    time: `${String(dailyHour ?? 0).padStart(2, "0")}:00`,
    day: weeklyDay === null ? "" : s(`backups.weekdays.d${weeklyDay as 0 | 1 | 2 | 3 | 4 | 5 | 6}`),
  };
  const hint =
    state === "off"
      ? s("backups.scheduleOff")
      : weeklyDay === null
        ? s("backups.scheduleDaily", values)
        : dailyHour === null
          ? s("backups.scheduleWeekly", values)
          : s("backups.scheduleHint", values);
  return (
    <Toggle
      label={s("backups.schedule")}
      hint={hint}
      isOn={state === "running"}
      disabled={state === "off"}
      onChange={(isOn) => actions.schedule.mutate(isOn)}
    />
  );
}
