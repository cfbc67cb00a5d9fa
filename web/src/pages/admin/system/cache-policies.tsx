import type { CacheStats } from "../../../../../server/contract/cache.ts";
import { formatDuration } from "../../../i18n/format.ts";
import { MeterBar } from "./meter-bar.tsx";
import { useSystemI18n } from "./use-system-i18n.ts";

type Policy = CacheStats["policies"][number];

function PolicyRow({ policy }: { policy: Policy }) {
  const { s, language } = useSystemI18n();
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const { name, hits, misses, hitRate, ttlSeconds, compressed, latencyMs, errors, entries } = policy;
  const words =
    hitRate === null
      ? s("cache.notAsked")
      : s("cache.hitsOf", {
          percent: Math.round(hitRate * 100),
          hits: number.format(hits),
          all: number.format(hits + misses),
        });
  const facts = [
    s("cache.ttl", { time: formatDuration(ttlSeconds, language) }),
    compressed && s("cache.compressed"),
    entries !== null && s("cache.entriesNow", { count: entries }),
    latencyMs && s("cache.latency", { p50: number.format(latencyMs.p50), p95: number.format(latencyMs.p95) }),
    errors > 0 && s("cache.errors", { count: errors }),
  ].filter(Boolean);
  return (
    <li>
      <MeterBar label={name} share={hitRate} words={words} />
      <p className="sys-quiet sys-small">{facts.join(" · ")}</p>
    </li>
  );
}

/** The hit rate of each kind of data. */
export function CachePolicies({ policies }: { policies: readonly Policy[] }) {
  const { s } = useSystemI18n();
  return (
    <section aria-labelledby="cache-policies" className="sys-words">
      <h3 id="cache-policies">{s("cache.policies")}</h3>
      <ul className="sys-meters">
        {policies.map((policy) => (
          <PolicyRow key={policy.name} policy={policy} />
        ))}
      </ul>
    </section>
  );
}
