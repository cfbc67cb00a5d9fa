import { Op, QueryTypes } from "sequelize";
import { z } from "zod";
import { Id } from "../contract/common.ts";
import { FINAL_STATUSES } from "../contract/generation.ts";
import { type EventStream, openEventStream } from "../http/event-stream.ts";
import { type Locale, localeOf } from "../http/locale.ts";
import { type Route, route } from "../http/route.ts";
import type { Generation } from "../models/generation.ts";
import type { Records } from "../models/records.ts";
import type { Caller } from "../policies/caller.ts";
import { ownerAsked } from "../policies/records.ts";
import { findNetwork } from "../providers/networks.ts";
import type { Notices } from "../queue/notices.ts";
import { findGeneration, readGeneration, readWaiting, WITH_ALL } from "../services/generations.ts";
import type { ProviderDirectory } from "../services/providers.ts";
import { isStanding } from "../services/standing.ts";
import { presentGeneration } from "./present-generation.ts";

export interface EventRouteDeps {
  records: Records;
  directory: ProviderDirectory;
  notices: Notices;
  draining: AbortSignal;
}

/** Also reads rows again when no notice came: a place in the queue changes without one, and notices may be missed. */
const REFRESH_MS = 5000;

const Language = z.object({
  lang: z.enum(["en", "ru"]).optional().describe("EventSource can't send Accept-Language"),
});
const EVENTS = {
  200: { description: "Server-sent events named `generation`", mediaType: "text/event-stream" },
};

/**
 * Sends what `read` finds, at once and after each notice that concerns it, but nothing twice. Reads never overlap:
 * notices during one ask for one more. The stream ends with the session, key or account that opened it.
 */
function follow(
  { directory, notices, records }: EventRouteDeps,
  stream: EventStream,
  options: { caller: Caller; locale: Locale; concerns(id: string): boolean; lastEventId: string | undefined },
  read: () => Promise<Generation[]>,
): void {
  if (stream.closed.aborted) return;
  const sent = new Map<string, string>();
  let reading: Promise<void> | null = null;
  let again = false;

  const refresh = async () => {
    if (!(await isStanding(records, options.caller))) return stream.end();
    const rows = await read();
    const { positions, waits } = await readWaiting(records, rows);
    for (const row of rows) {
      const queuePosition = positions.get(row.id) ?? null;
      const wait = waits.get(row.provider) ?? null;
      const mark = `${row.version} ${queuePosition} ${wait?.until.getTime()}`;
      if (sent.get(row.id) === mark) continue;
      const isKnown =
        !sent.has(row.id) &&
        options.lastEventId !== undefined &&
        BigInt(row.version) <= BigInt(options.lastEventId);
      sent.set(row.id, mark);
      if (isKnown) continue;
      const network = findNetwork(row.provider, row.network, directory.networks);
      const isFree = directory.providers.get(row.provider)?.isFree ?? false;
      stream.send(
        "generation",
        row.version,
        presentGeneration(row, { network, queuePosition, wait, isFree, locale: options.locale }),
      );
    }
  };

  const wake = () => {
    if (reading) {
      again = true;
      return;
    }
    reading = refresh()
      .catch(() => stream.end())
      .finally(() => {
        reading = null;
        if (again && !stream.closed.aborted) {
          again = false;
          wake();
        }
      });
  };

  const unsubscribe = notices.subscribe((id) => {
    if (id === null || options.concerns(id)) wake();
  });
  const timer = setInterval(wake, REFRESH_MS);
  stream.closed.addEventListener("abort", () => {
    unsubscribe();
    clearInterval(timer);
  });
  wake();
}

async function currentVersion(records: Records): Promise<string> {
  const [{ version }] = await records.sequelize.query<{ version: string }>(
    "SELECT last_value AS version FROM generation_version_seq",
    { type: QueryTypes.SELECT },
  );
  return version;
}

/** A version is given before its change is committed, so a lower one may turn up after a higher one was sent. */
const OVERLAP = 200n;

const withOverlap = (version: string) => {
  const from = BigInt(version) - OVERLAP;
  return String(from < 0n ? 0n : from);
};

const MAX_FOLLOWED = 200;

/** The newest changes of what runs of the caller's, and of what changed since a version; oldest first. */
async function findChanged(records: Records, caller: Caller, since: string): Promise<Generation[]> {
  const rows = await records.Generation.findAll({
    where: {
      ...(ownerAsked(caller, undefined) === "me" && { userId: caller.userId }),
      [Op.or]: [{ status: { [Op.notIn]: FINAL_STATUSES } }, { version: { [Op.gt]: since } }],
    },
    include: WITH_ALL,
    order: [["version", "DESC"]],
    limit: MAX_FOLLOWED,
  });
  return rows.reverse();
}

export function eventRoutes(deps: EventRouteDeps): Route[] {
  const { records, draining } = deps;
  const versionIn = (header: string | undefined) =>
    header && /^\d{1,18}$/.test(header) ? header : undefined;
  return [
    route({
      method: "get",
      path: "/api/v1/generations/events",
      tag: "Generations",
      summary: "Follow your generations: those that run, and every change from now on",
      access: "read",
      query: Language,
      answers: EVENTS,
      async handle({ query, caller, request, response }) {
        const lastEventId = versionIn(request.get("last-event-id"));
        const since = withOverlap(lastEventId ?? (await currentVersion(records)));
        const stream = openEventStream(request, response, draining);
        const options = {
          caller,
          locale: query.lang ?? localeOf(request),
          concerns: () => true,
          lastEventId: lastEventId && since,
        };
        follow(deps, stream, options, () => findChanged(records, caller, since));
      },
    }),
    route({
      method: "get",
      path: "/api/v1/generations/:id/events",
      tag: "Generations",
      summary: "Follow one generation",
      access: "read",
      relation: "manage",
      params: z.object({ id: Id }),
      query: Language,
      answers: EVENTS,
      async handle({ params, query, caller, request, response }) {
        await findGeneration(records, caller, params.id);
        const stream = openEventStream(request, response, draining);
        const lastEventId = versionIn(request.get("last-event-id"));
        const locale = query.lang ?? localeOf(request);
        const options = { caller, locale, concerns: (id: string) => id === params.id, lastEventId };
        follow(deps, stream, options, async () => [await readGeneration(records, params.id)]);
      },
    }),
  ];
}
