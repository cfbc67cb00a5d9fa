import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Generation } from "../../server/contract/generation.ts";
import type { TestApp } from "./app.ts";

/** Reads a stream of generations; `seen` grows as they come, `ended` resolves when the server ends it. */
export async function followEvents(
  app: Pick<TestApp, "url">,
  headers: Record<string, string>,
  path = "/api/v1/generations/events",
) {
  const leave = new AbortController();
  const answer = await fetch(app.url + path, { headers, signal: leave.signal });
  assert.equal(answer.status, 200);
  const seen: Generation[] = [];
  let text = "";
  const read = async () => {
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += piece;
      const blocks = text.split("\n\n");
      text = blocks.pop()!;
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data) seen.push(JSON.parse(data));
      }
    }
  };
  const ended = read().catch((error) => {
    if (!leave.signal.aborted) throw error;
  });
  return {
    seen,
    ended,
    async until(isThere: (generation: Generation) => boolean): Promise<void> {
      while (!seen.some(isThere)) await sleep(20);
    },
    async leave(): Promise<void> {
      leave.abort();
      await ended;
    },
  };
}
