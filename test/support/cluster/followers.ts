import { setTimeout as sleep } from "node:timers/promises";
import type { Member } from "./member.ts";

const PAUSE_MS = 200;

/** People who have the list of generations open: again from the last event on whenever the stream ends. */
export function startFollowers(origin: string, member: Member, count: number) {
  const leave = new AbortController();
  const { signal } = leave;
  const finished = new Map<string, string>();
  let cuts = 0;

  function note(block: string): string | null {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    if (!data) return null;
    const { id, status, finishedAt } = JSON.parse(data);
    if (finishedAt) finished.set(id, status);
    return /^id: (.*)$/m.exec(block)?.[1] ?? null;
  }

  async function follow(): Promise<void> {
    let last: string | null = null;
    while (!signal.aborted) {
      try {
        const headers: Record<string, string> = last === null ? {} : { "Last-Event-ID": last };
        const response = await member.fetch(`${origin}/api/v1/generations/events`, { headers, signal });
        let rest = "";
        for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
          const blocks = (rest + part).split("\n\n");
          rest = blocks.pop()!;
          // A refusal has no events.
          if (response.ok) for (const block of blocks) last = note(block) ?? last;
        }
      } catch {
        if (!signal.aborted) cuts += 1;
      } finally {
        await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  const following = Array.from({ length: count }, follow);
  return {
    /** The end of each generation as the events told it. */
    finished: finished as ReadonlyMap<string, string>,
    /** Streams that broke instead of ending. */
    cuts: () => cuts,
    async leave(): Promise<void> {
      leave.abort();
      await Promise.all(following);
    },
  };
}
