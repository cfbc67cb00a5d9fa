import { type Check, type Finding, ok, type Patient, skipped, warning } from "../check.ts";
import { addressOf } from "../running-server.ts";

const TIMEOUT_MS = 3000;
/** A refused token is the exception, so that list is asked in vain by design. */
const ASKED_IN_VAIN = "revoked";

/** How the cache of the running server does, as its metrics say. */
export const cache: Check = {
  name: "cache",
  async run({ config }) {
    const text = await readMetrics(config);
    if (text === null) {
      return [
        skipped("The server does not run, or keeps its figures to itself: set OPS_TOKEN to see them here."),
      ];
    }
    const figures = readFigures(text);
    const found: Finding[] = [];
    const away = /^photo_to_3d_cache_state\{state="away"[^}]*\} 1$/m.test(text);
    if (away) {
      const cure = "See what is said of Redis here; the server comes back to it by itself.";
      found.push(warning("Redis is away for the running server, whose memory stands in for it.", cure));
    }
    const errors = figures.reduce((sum, { error }) => sum + error, 0);
    if (errors > 0 && !away) {
      const cure =
        "Look at the load and the network of Redis; each of them cost a request a quarter of a second at most.";
      found.push(warning(`Redis left ${errors} questions of the running server without an answer.`, cure));
    }
    const rates = figures
      .filter(({ policy, hit, miss }) => policy !== ASKED_IN_VAIN && hit + miss > 0)
      .map(
        ({ policy, hit, miss }) => `${policy} ${Math.round((hit / (hit + miss)) * 100)} % of ${hit + miss}`,
      );
    return [
      ...found,
      ok(rates.length > 0 ? `Answered from the cache: ${rates.join(", ")}.` : "Nobody has asked it yet."),
    ];
  },
};

type Outcome = "hit" | "miss" | "load" | "error";
type Figures = { policy: string } & Record<Outcome, number>;

function readFigures(text: string): Figures[] {
  const byPolicy = new Map<string, Figures>();
  for (const [, labels, value] of text.matchAll(/^photo_to_3d_cache_requests_total\{([^}]*)\} (\S+)$/gm)) {
    const { policy, outcome } = Object.fromEntries(
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, text]) => [name, text]),
    );
    const figures = byPolicy.get(policy) ?? { policy, hit: 0, miss: 0, load: 0, error: 0 };
    figures[outcome as Outcome] += Number(value);
    byPolicy.set(policy, figures);
  }
  return [...byPolicy.values()];
}

/** Null where nobody answers, or does not say. */
async function readMetrics({ listen, opsToken }: Patient["config"]): Promise<string | null> {
  try {
    const answer = await fetch(`${addressOf(listen)}/metrics`, {
      headers: opsToken ? { Authorization: `Bearer ${opsToken}` } : {},
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await answer.text();
    return answer.ok && text.includes("photo_to_3d_") ? text : null;
  } catch {
    return null;
  }
}
