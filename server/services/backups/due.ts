import type { BackupKind } from "../../contract/backup.ts";

/** Hours are of the day in UTC; weekday 0 is Monday. */
export interface Schedule {
  dailyHour: number;
  weeklyDay: number;
}

export type ScheduledKind = Exclude<BackupKind, "manual">;

/** When the newest backup of each kind that came to a good end was begun; null: there is none. */
export type LastBegun = Record<ScheduledKind, Date | null>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 5 January 1970 was a Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

const PERIODS: Record<ScheduledKind, (schedule: Schedule) => { firstMs: number; everyMs: number }> = {
  daily: ({ dailyHour }) => ({ firstMs: dailyHour * HOUR_MS, everyMs: DAY_MS }),
  // An hour after the daily one: at the hour 23 that is midnight, when the next day begins.
  weekly: ({ dailyHour, weeklyDay }) => ({
    firstMs: FIRST_MONDAY_MS + weeklyDay * DAY_MS + (dailyHour + 1) * HOUR_MS,
    everyMs: 7 * DAY_MS,
  }),
};

/** The last time, at `now` or before, for which the schedule wants a backup of this kind. UTC has no summer time. */
export function latestSlot(kind: ScheduledKind, now: Date, schedule: Schedule): Date {
  const { firstMs, everyMs } = PERIODS[kind](schedule);
  return new Date(firstMs + Math.floor((now.getTime() - firstMs) / everyMs) * everyMs);
}

/**
 * Which backup is to be made next, and when; a time that has passed: it is overdue. However many were missed, one
 * makes up for all of them, and a weekly one for the daily one of its day too.
 */
export function nextDue(now: Date, last: LastBegun, schedule: Schedule): { kind: ScheduledKind; at: Date } {
  const slots = (["weekly", "daily"] as const).map((kind) => {
    const at = latestSlot(kind, now, schedule);
    const counts = kind === "daily" ? [last.daily, last.weekly] : [last.weekly];
    const isMade = counts.some((begun) => begun !== null && begun >= at);
    return { kind, at, next: new Date(at.getTime() + PERIODS[kind](schedule).everyMs), isMade };
  });
  const overdue = slots.find(({ isMade }) => !isMade);
  if (overdue) return { kind: overdue.kind, at: overdue.at };
  const [weekly, daily] = slots;
  const soonest = weekly.next <= daily.next ? weekly : daily;
  return { kind: soonest.kind, at: soonest.next };
}
