import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAgo, formatBytes, formatDuration } from "../../web/src/i18n/format.ts";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

test("sizes keep one digit after the point only where it says something", () => {
  assert.equal(plain(formatBytes(412_345, "en")), "412 kB");
  assert.equal(plain(formatBytes(1_830_422, "en")), "1.8 MB");
  assert.equal(plain(formatBytes(1_830_422, "ru")), "1,8 МБ");
  assert.equal(plain(formatBytes(48_000_000, "en")), "48 MB");
  assert.equal(plain(formatBytes(2_940_000_000, "en")), "2.9 GB");
  assert.equal(plain(formatBytes(182_400_000_000, "ru")), "182 ГБ");
});

test("durations name the two largest units", () => {
  assert.equal(plain(formatDuration(0.2, "en")), "0 sec");
  assert.equal(plain(formatDuration(45, "en")), "45 sec");
  assert.equal(plain(formatDuration(125, "en")), "2 min 5 sec");
  assert.equal(plain(formatDuration(120, "en")), "2 min");
  assert.equal(plain(formatDuration(3_720, "en")), "1 hr 2 min");
  assert.equal(plain(formatDuration(-3, "en")), "0 sec");
});

test("times are told from now, and by the day after a week", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  assert.equal(formatAgo("2026-11-21T11:59:50Z", now, "en"), "now");
  assert.equal(formatAgo("2026-11-21T11:55:00Z", now, "ru"), "5 минут назад");
  assert.equal(formatAgo("2026-11-20T12:00:00Z", now, "en"), "yesterday");
  assert.equal(formatAgo("2026-10-01T12:00:00Z", now, "en"), "Oct 1, 2026");
});
