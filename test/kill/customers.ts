import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import sharp from "sharp";
import type { Generation } from "../../server/contract/generation.ts";
import { photoForm } from "../support/client.ts";
import type { Marksman } from "./marksman.ts";
import type { Replica } from "./replica.ts";

const REQUEST_MS = 20_000;

/** A small photo that no other generation has. */
function distinctPhoto(number: number): Promise<Buffer> {
  const color = { r: (number * 5) % 256, g: (number * 11) % 256, b: ((number >> 8) * 40) % 256 };
  return sharp({ create: { width: 96, height: 96, channels: 3, background: color } })
    .composite([{ input: Buffer.from('<svg width="96" height="96"><circle cx="48" cy="48" r="30"/></svg>') }])
    .png()
    .toBuffer();
}

/** People who upload photos and repeat what was not answered, each upload under a key of its own. */
export function createCustomers(replicas: readonly Replica[], marksman: Marksman) {
  const accepted: string[] = [];
  const canceled = new Set<string>();
  let uploads = 0;

  /** Asks any replica that is up, again and again until one answers below 500. */
  async function ask(path: string, init: RequestInit): Promise<{ response: Response; replica: Replica }> {
    for (;;) {
      const up = replicas.filter(({ current }) => current);
      const replica = up[Math.floor(Math.random() * up.length)];
      if (replica) {
        try {
          const signal = AbortSignal.timeout(REQUEST_MS);
          const response = await fetch(replica.current!.url + path, { ...init, signal });
          if (response.status < 500) return { response, replica };
          await response.arrayBuffer();
        } catch {
          // It was killed in between: the same request again, as a client should.
        }
      }
      await sleep(150);
    }
  }

  return {
    accepted: accepted as readonly string[],
    /** Whose cancel was answered with yes. */
    canceled: canceled as ReadonlySet<string>,
    ask,
    async upload(): Promise<string> {
      uploads += 1;
      const photo = await distinctPhoto(uploads);
      const headers = { "idempotency-key": randomUUID() };
      const fields = { provider: "genapi", preset: "draft", name: `Thing ${uploads}` };
      const { response, replica } = await ask("/api/v1/generations", {
        method: "POST",
        headers,
        body: photoForm(photo, fields, "thing.png"),
      });
      if (response.status !== 202)
        throw new Error(`An upload got ${response.status}: ${await response.text()}`);
      const { id } = (await response.json()) as Generation;
      accepted.push(id);
      marksman.shoot("after accept", replica, { generationId: id });
      return id;
    },
    /** Says no to what has not ended yet. */
    async cancel(id: string): Promise<void> {
      const { response } = await ask(`/api/v1/generations/${id}/cancel`, { method: "POST" });
      await response.arrayBuffer();
      if (response.ok) canceled.add(id);
      else if (response.status !== 409) throw new Error(`A cancel got ${response.status}`);
    },
    /** Says yes to a second charge; a repeated yes after a lost answer is refused or changes nothing. */
    async confirm(id: string): Promise<number> {
      const { response } = await ask(`/api/v1/generations/${id}/retry`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ acceptSecondCharge: true }),
      });
      await response.arrayBuffer();
      return response.status;
    },
  };
}
export type Customers = ReturnType<typeof createCustomers>;
