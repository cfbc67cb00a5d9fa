import { setTimeout as sleep } from "node:timers/promises";
import { photoForm } from "../client.ts";
import { sha256Of } from "../sha256.ts";
import { startFollowers } from "./followers.ts";
import { type Member, sendJson } from "./member.ts";
import { numberedPhoto } from "./numbered-photo.ts";

/** What people do, and how often of a hundred times. */
const MIX = { page: 15, asset: 15, list: 25, detail: 15, file: 20, rename: 5, upload: 3, events: 2 };

export type Deed = keyof typeof MIX;

/** Without what a proxy must not send twice, and so can't mend however unlucky the moment. */
export const REPEATABLE = { ...MIX, rename: 0 };

/** How a request ended for who made it. */
export interface Seen {
  deed: Deed;
  /** 0 where the connection broke before an answer. */
  status: number;
  /** What went wrong, null where nothing did. */
  problem: string | null;
  /** Milliseconds since the beginning. */
  at: number;
  ms: number;
}

export interface TrafficOptions {
  url: string;
  member: Member;
  perSecond: number;
  /** Models that are looked at: id and SHA-256 of `model.glb`. */
  models: readonly { id: string; sha256: string }[];
  /** A file of the page. */
  asset: string;
  mix?: Record<Deed, number>;
  /** How many people have the list of generations open. */
  followers?: number;
}

const PATIENCE_MS = 120_000;

/** Photos of all traffic of this process: none of them comes twice. */
let drawn = 0;

/** Some hundred deeds in the proportions of the mix, spread evenly. */
function deckOfDeeds(mix: Record<Deed, number>): Deed[] {
  const places = Object.entries(mix).flatMap(([deed, count]) =>
    Array.from({ length: count }, (_, index) => ({ deed: deed as Deed, at: (index + 0.5) / count })),
  );
  return places.sort((a, b) => a.at - b.at).map(({ deed }) => deed);
}

/**
 * People at a site, so many requests a second whether or not those before were answered. Nobody repeats anything:
 * what is seen is what a single try gets.
 */
export function startTraffic({
  url,
  member,
  perSecond,
  models,
  asset,
  mix = MIX,
  followers = 3,
}: TrafficOptions) {
  const stop = new AbortController();
  const startedAt = performance.now();
  const seen: Seen[] = [];
  const accepted: string[] = [];
  const photos: string[] = [];
  const open = new Set<Promise<void>>();
  const deck = deckOfDeeds(mix);
  let turn = 0;

  const api = `${url}/api/v1`;
  // Another one with each deck, so that changes don't wait for each other.
  const model = () => models[(turn + Math.floor(turn / deck.length)) % models.length];
  const expectStatus = async (response: Response, wanted: number): Promise<string | null> => {
    const bytes = Buffer.from(await response.arrayBuffer());
    return response.status === wanted ? null : `${response.status} ${bytes.toString().slice(0, 300)}`;
  };

  const deeds: Record<Deed, (signal: AbortSignal) => Promise<{ status: number; problem: string | null }>> = {
    page: async (signal) => plain(await fetch(url, { signal })),
    asset: async (signal) => plain(await fetch(url + asset, { signal })),
    list: async (signal) => plain(await member.fetch(`${api}/models?limit=24`, { signal })),
    detail: async (signal) => plain(await member.fetch(`${api}/models/${model().id}`, { signal })),
    async file(signal) {
      const { id, sha256 } = model();
      const response = await member.fetch(`${api}/models/${id}/files/model.glb`, { signal });
      const { status } = response;
      if (!response.ok) return { status, problem: await expectStatus(response, 200) };
      const isRight = sha256Of(Buffer.from(await response.arrayBuffer())) === sha256;
      return { status, problem: isRight ? null : "another file" };
    },
    rename: async (signal) =>
      plain(
        await member.fetch(`${api}/models/${model().id}`, {
          ...sendJson("PATCH", { name: `Box ${turn}` }),
          signal,
        }),
      ),
    async upload(signal) {
      const photo = await numberedPhoto(drawn++);
      photos.push(sha256Of(photo));
      const body = photoForm(
        photo,
        { provider: "genapi", preset: "draft", name: `Thing ${photos.length}` },
        "thing.png",
      );
      const response = await member.fetch(`${api}/generations`, { method: "POST", body, signal });
      if (response.status !== 202)
        return { status: response.status, problem: await expectStatus(response, 202) };
      accepted.push(((await response.json()) as { id: string }).id);
      return { status: 202, problem: null };
    },
    async events(signal) {
      const response = await member.fetch(`${api}/generations/events`, { signal });
      const problem = response.ok ? null : await expectStatus(response, 200);
      await response.body?.cancel().catch(() => undefined);
      return { status: response.status, problem };
    },
  };
  async function plain(response: Response) {
    return { status: response.status, problem: await expectStatus(response, 200) };
  }

  async function act(deed: Deed): Promise<void> {
    const began = performance.now();
    const note = (status: number, problem: string | null) =>
      seen.push({ deed, status, problem, at: began - startedAt, ms: performance.now() - began });
    try {
      const { status, problem } = await deeds[deed](AbortSignal.timeout(PATIENCE_MS));
      note(status, problem);
    } catch (error) {
      const cause = (error as Error).cause as { code?: string } | undefined;
      note(0, `${(error as Error).message}${cause?.code ? ` (${cause.code})` : ""}`);
    }
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond);
      for (; turn < due; turn++) {
        const done = act(deck[turn % deck.length]).finally(() => open.delete(done));
        open.add(done);
      }
      await sleep(1000 / perSecond, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    await Promise.all(open);
  }

  const running = run();
  const listeners = startFollowers(url, member, followers);
  return {
    seen: seen as readonly Seen[],
    /** Ids of generations that were answered with 202, and the photos of all uploads that were tried. */
    accepted: accepted as readonly string[],
    photos: photos as readonly string[],
    /** The end of each generation as the events told it. */
    finished: listeners.finished,
    /** Event streams that broke instead of ending. */
    cuts: listeners.cuts,
    /** Milliseconds since the beginning. */
    elapsed: () => performance.now() - startedAt,
    failures: () => seen.filter(({ problem }) => problem !== null),
    /** No new request; resolves when all are answered. The followers stay. */
    async end(): Promise<void> {
      stop.abort();
      await running;
    },
    /** The followers go too. */
    async leave(): Promise<void> {
      stop.abort();
      await running;
      await listeners.leave();
    },
  };
}

export type Traffic = ReturnType<typeof startTraffic>;
