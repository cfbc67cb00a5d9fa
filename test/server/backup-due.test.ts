import assert from "node:assert/strict";
import { test } from "node:test";
import { type LastBegun, latestSlot, nextDue } from "../../server/services/backups/due.ts";

const SCHEDULE = { dailyHour: 2, weeklyDay: 0 };
const at = (text: string) => new Date(text);
const due = (now: string, daily: string | null, weekly: string | null, schedule = SCHEDULE) => {
  const last: LastBegun = { daily: daily ? at(daily) : null, weekly: weekly ? at(weekly) : null };
  const next = nextDue(at(now), last, schedule);
  return `${next.kind} ${next.at.toISOString()}`;
};

test("the daily backup is wanted at its hour, the weekly one on its day an hour later", () => {
  // 23 November 2026 is a Monday.
  const slots = (kind: "daily" | "weekly", now: string) => latestSlot(kind, at(now), SCHEDULE).toISOString();
  assert.equal(slots("daily", "2026-11-23T01:59:59.999Z"), "2026-11-22T02:00:00.000Z");
  assert.equal(slots("daily", "2026-11-23T02:00:00Z"), "2026-11-23T02:00:00.000Z");
  assert.equal(slots("weekly", "2026-11-23T02:59:59.999Z"), "2026-11-16T03:00:00.000Z");
  assert.equal(slots("weekly", "2026-11-23T03:00:00Z"), "2026-11-23T03:00:00.000Z");
});

test("every weekday and hour of the settings is met, over the ends of months, leap years and the year's turn", () => {
  for (const now of [
    "2028-02-29T12:00:00Z",
    "2027-03-01T00:30:00Z",
    "2026-12-31T23:59:59Z",
    "2032-02-29T23:30:00Z",
  ]) {
    for (let weeklyDay = 0; weeklyDay < 7; weeklyDay += 1) {
      for (let dailyHour = 0; dailyHour < 24; dailyHour += 1) {
        const schedule = { dailyHour, weeklyDay };
        const daily = latestSlot("daily", at(now), schedule);
        assert.equal(daily.getUTCHours(), dailyHour);
        assert.ok(daily <= at(now) && at(now).getTime() - daily.getTime() < 86_400_000);
        const weekly = latestSlot("weekly", at(now), schedule);
        const hourBefore = new Date(weekly.getTime() - 3_600_000);
        assert.equal(hourBefore.getUTCHours(), dailyHour);
        assert.equal((hourBefore.getUTCDay() + 6) % 7, weeklyDay);
        assert.ok(weekly <= at(now) && at(now).getTime() - weekly.getTime() < 7 * 86_400_000);
      }
    }
  }
});

test("what is next, and what is overdue", () => {
  const cases: [now: string, daily: string | null, weekly: string | null, expected: string][] = [
    // Nothing was ever made: one that counts for both.
    ["2026-11-25T10:00:00Z", null, null, "weekly 2026-11-23T03:00:00.000Z"],
    // All made: tomorrow's daily one.
    [
      "2026-11-25T10:00:00Z",
      "2026-11-25T02:00:01Z",
      "2026-11-23T03:00:00Z",
      "daily 2026-11-26T02:00:00.000Z",
    ],
    // On Sunday evening: the daily one of Monday comes before the weekly one.
    [
      "2026-11-22T20:00:00Z",
      "2026-11-22T02:00:00Z",
      "2026-11-16T03:00:00Z",
      "daily 2026-11-23T02:00:00.000Z",
    ],
    // Between them on Monday.
    [
      "2026-11-23T02:30:00Z",
      "2026-11-23T02:00:00Z",
      "2026-11-16T03:00:00Z",
      "weekly 2026-11-23T03:00:00.000Z",
    ],
    // Both were missed on Monday: the weekly one is made ...
    [
      "2026-11-23T09:00:00Z",
      "2026-11-22T02:00:00Z",
      "2026-11-16T03:00:00Z",
      "weekly 2026-11-23T03:00:00.000Z",
    ],
    // ... and counts for the daily one.
    [
      "2026-11-23T09:10:00Z",
      "2026-11-22T02:00:00Z",
      "2026-11-23T09:05:00Z",
      "daily 2026-11-24T02:00:00.000Z",
    ],
    // Three days were missed: one daily backup.
    [
      "2026-11-27T09:00:00Z",
      "2026-11-24T02:00:00Z",
      "2026-11-23T03:00:00Z",
      "daily 2026-11-27T02:00:00.000Z",
    ],
    // The night in which clocks in Europe go back an hour, and the one in which they go forward.
    [
      "2026-10-25T01:30:00Z",
      "2026-10-24T02:00:00Z",
      "2026-10-19T03:00:00Z",
      "daily 2026-10-25T02:00:00.000Z",
    ],
    [
      "2027-03-28T01:30:00Z",
      "2027-03-27T02:00:00Z",
      "2027-03-22T03:00:00Z",
      "daily 2027-03-28T02:00:00.000Z",
    ],
    // 29 February.
    [
      "2028-02-28T12:00:00Z",
      "2028-02-28T02:00:00Z",
      "2028-02-28T03:00:00Z",
      "daily 2028-02-29T02:00:00.000Z",
    ],
    [
      "2028-02-29T12:00:00Z",
      "2028-02-29T02:00:00Z",
      "2028-02-28T03:00:00Z",
      "daily 2028-03-01T02:00:00.000Z",
    ],
  ];
  for (const [now, daily, weekly, expected] of cases) assert.equal(due(now, daily, weekly), expected, now);
});

test("at the hour 23 the weekly backup is made at the midnight that ends its day", () => {
  assert.equal(
    due("2026-11-23T23:30:00Z", "2026-11-23T23:00:00Z", "2026-11-17T00:00:00Z", {
      dailyHour: 23,
      weeklyDay: 0,
    }),
    "weekly 2026-11-24T00:00:00.000Z",
  );
});
