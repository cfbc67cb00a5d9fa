import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Generation } from "../../server/contract/generation.ts";
import type { Model } from "../../server/contract/model.ts";
import type { TestApp } from "./app.ts";

const PHOTOS = path.resolve(import.meta.dirname, "../fixtures/photos");

export const readPhoto = (name: string) => readFile(path.join(PHOTOS, name));

/** A multipart body with one file and text fields. */
export function photoForm(
  bytes: Uint8Array,
  fields: Record<string, string> = {},
  fileName = "sofa.jpg",
  part = "photo",
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set(part, new Blob([bytes as Uint8Array<ArrayBuffer>]), fileName);
  return form;
}

export const postPhoto = (app: TestApp, form: FormData, headers: Record<string, string> = {}) =>
  app.request("/api/v1/generations", { method: "POST", body: form, headers });

export const readGeneration = async (app: TestApp, id: string) =>
  (await (await app.request(`/api/v1/generations/${id}`)).json()) as Generation;

export const readModel = async (app: TestApp, id: string) =>
  (await (await app.request(`/api/v1/models/${id}`)).json()) as Model;

/** Reads a generation until `until` says so; fails with its last state after five minutes. */
export async function waitForGeneration(
  app: TestApp,
  id: string,
  until: (generation: Generation) => boolean = ({ finishedAt }) => finishedAt !== null,
): Promise<Generation> {
  let last: Generation | undefined;
  for (let tries = 0; tries < 3000; tries++) {
    const answer = await app.request(`/api/v1/generations/${id}`);
    // A database that was away costs a 503 now and then.
    if (answer.status !== 503) {
      last = (await answer.json()) as Generation;
      if (until(last)) return last;
    }
    await sleep(100);
  }
  const story = app.lines.slice(-40).map((line) => JSON.stringify(line).slice(0, 400));
  throw new Error(`The generation did not get there: ${JSON.stringify(last)}\n${story.join("\n")}`);
}
