import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestApp } from "./app.ts";
import { parsePrometheusText, seriesValue } from "./prometheus-text.ts";
import { until } from "./until.ts";

/** Reads `/metrics` of an app as text. */
export async function scrapeText(app: TestApp, token?: string): Promise<string> {
  const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
  const response = await app.request("/metrics", { headers });
  assert.equal(response.status, 200);
  return response.text();
}

export const scrape = async (app: TestApp, token?: string) =>
  parsePrometheusText(await scrapeText(app, token));

/** Scrapes until the database has answered: where it is slow for a moment its figures are left out. */
export async function scrapeWhole(app: TestApp, token?: string) {
  let families = await scrape(app, token);
  await until("a scrape has the database's figures", async () => {
    if (seriesValue(families, "photo_to_3d_database_up") === 1) return true;
    families = await scrape(app, token);
    return false;
  });
  return families;
}

/** Scrapes until a series has that value: the database is asked every few seconds only. */
export async function seriesReaches(
  app: TestApp,
  value: number,
  name: string,
  labels: Record<string, string> = {},
): Promise<void> {
  let last: number | undefined;
  for (let tries = 0; tries < 900; tries++) {
    last = seriesValue(await scrape(app), name, labels);
    if (last === value) return;
    await sleep(200);
  }
  assert.fail(`${name} ${JSON.stringify(labels)} is ${last} instead of ${value}`);
}
