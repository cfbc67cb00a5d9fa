import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import sharp from "sharp";
import type { Generation } from "../../server/contract/generation.ts";
import type { Problem } from "../../server/contract/problem.ts";
import { photoForm } from "./client.ts";

/** How long a visitor waits for an answer before it counts as none. */
const PATIENCE_MS = 40_000;
const PAUSE_MS = 100;

/** A small photo that no other number has. */
export function distinctPhoto(number: number): Promise<Buffer> {
  const background = { r: (number * 37) % 256, g: (number * 11) % 256, b: 40 + (number >> 8) };
  const square = { width: 48, height: 48, channels: 3, background: "#fff" } as const;
  return sharp({ create: { width: 96, height: 96, channels: 3, background } })
    .composite([{ input: { create: square } }])
    .png()
    .toBuffer();
}

interface Seen {
  what: string;
  /** 0 where the connection was cut. */
  status: number;
}

/** People who use servers and repeat what failed. They note every answer, and each that a server must not give. */
export function createVisitors(urls: readonly string[]) {
  const stop = new AbortController();
  const seen: Seen[] = [];
  const complaints: string[] = [];
  const following: Promise<void>[] = [];
  let turn = 0;

  async function judge(what: string, response: Response): Promise<void> {
    seen.push({ what, status: response.status });
    if (response.status < 500) return;
    const text = await response.clone().text();
    const type = response.headers.get("content-type") ?? "";
    const code = type.includes("problem+json") ? (JSON.parse(text) as Problem).code : null;
    if (response.status !== 503 || code !== "database-unavailable" || !response.headers.get("retry-after"))
      complaints.push(`${what}: ${response.status} ${type} ${text.slice(0, 300)}`);
  }

  /** One request to one of the servers; null where the connection was cut. Complains where no answer came. */
  async function ask(path: string, init: RequestInit = {}): Promise<Response | null> {
    const what = `${init.method ?? "GET"} ${path.replace(/[0-9a-f-]{36}/, ":id")}`;
    turn += 1;
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const response = await fetch(urls[turn % urls.length] + path, { ...init, signal });
      await judge(what, response);
      return response;
    } catch (error) {
      if ((error as Error).name === "TimeoutError") complaints.push(`${what}: no answer`);
      seen.push({ what, status: 0 });
      return null;
    }
  }

  /** Uploads under one key until it is accepted; complains about an answer that repeating doesn't mend. */
  async function upload(photo: Buffer, fields: Record<string, string>): Promise<string> {
    const headers = { "idempotency-key": randomUUID() };
    for (;;) {
      const body = photoForm(photo, fields, "thing.png");
      const response = await ask("/api/v1/generations", { method: "POST", headers, body });
      if (response?.status === 202) return ((await response.json()) as Generation).id;
      const isPassing = response === null || response.status >= 500;
      if (!isPassing) throw new Error(`An upload was answered ${response.status}: ${await response.text()}`);
      await response?.arrayBuffer();
      await sleep(PAUSE_MS, undefined, { signal: stop.signal });
    }
  }

  const repeat = (work: () => Promise<unknown>) => {
    following.push(
      (async () => {
        while (!stop.signal.aborted) {
          await work();
          await sleep(PAUSE_MS, undefined, { signal: stop.signal }).catch(() => undefined);
        }
      })(),
    );
  };

  /** Reads an event stream until it ends, from `after` on; `onStatus` hears the states of the generations. */
  async function follow(
    url: string,
    after: string | null,
    onStatus: (id: string, status: string) => void,
  ): Promise<string | null> {
    let last = after;
    try {
      const headers: Record<string, string> = last === null ? {} : { "last-event-id": last };
      const response = await fetch(`${url}/api/v1/generations/events`, { headers, signal: stop.signal });
      await judge("GET events", response);
      let rest = "";
      for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
        const events = (rest + part).split("\n\n");
        rest = events.pop() ?? "";
        for (const event of events) {
          const data = /^data: (.*)$/m.exec(event)?.[1];
          if (!data) continue;
          last = /^id: (.*)$/m.exec(event)?.[1] ?? last;
          const { id, status } = JSON.parse(data) as Generation;
          onStatus(id, status);
        }
      }
    } catch {
      // Cut off: the caller comes back.
    }
    return last;
  }

  return {
    seen: seen as readonly Seen[],
    complaints: complaints as readonly string[],
    ask,
    upload,
    repeat,
    /** Follows all generations as a browser does: again and again, from the last event on. */
    listen(url: string, onStatus: (id: string, status: string) => void) {
      let last: string | null = null;
      repeat(async () => {
        last = await follow(url, last, onStatus);
      });
    },
    statusesOf: (what: string) => seen.filter((one) => one.what === what).map(({ status }) => status),
    async leave() {
      stop.abort();
      await Promise.all(following);
    },
  };
}
