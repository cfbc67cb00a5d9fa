import { RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import type { CacheStats } from "../../../../../server/contract/cache.ts";
import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { formatAgo, formatBytes } from "../../../i18n/format.ts";
import account from "../../account/account.module.css";
import { AccountCard } from "../../account/account-card.tsx";
import { CachePolicies } from "./cache-policies.tsx";
import { useCacheActions, useCacheStats } from "./cache-queries.ts";
import { ClearCacheDialog } from "./clear-cache-dialog.tsx";
import { Figures } from "./figures.tsx";
import { Loaded } from "./loaded.tsx";
import { MeterBar } from "./meter-bar.tsx";
import { useSystemI18n } from "./use-system-i18n.ts";

const TONES = { memory: "off", shared: "good", away: "bad" } as const;

function MemoryBars({ stats: { memory, redis } }: { stats: CacheStats }) {
  const { s, language } = useSystemI18n();
  const size = (bytes: number) => formatBytes(bytes, language);
  const of = (part: number, whole: number) => s("cache.of", { part: size(part), whole: size(whole) });
  return (
    <div className="sys-meters">
      <MeterBar
        label={s("cache.memory")}
        share={memory.maxBytes > 0 ? memory.bytes / memory.maxBytes : 0}
        words={of(memory.bytes, memory.maxBytes)}
      />
      {redis?.memory.maxBytes && (
        <MeterBar
          label={s("cache.redisMemory")}
          share={redis.memory.bytes / redis.memory.maxBytes}
          words={of(redis.memory.bytes, redis.memory.maxBytes)}
        />
      )}
      {redis && (
        <MeterBar
          label={s("cache.connections")}
          share={redis.connections.own / redis.connections.max}
          words={`${redis.connections.own} / ${redis.connections.max}`}
        />
      )}
    </div>
  );
}

function CacheFigures({ stats }: { stats: CacheStats }) {
  const { s, language } = useSystemI18n();
  const { policies, memory, redis } = stats;
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const hits = policies.reduce((sum, policy) => sum + policy.hits, 0);
  const asked = hits + policies.reduce((sum, policy) => sum + policy.misses, 0);
  const items = [
    {
      label: s("cache.hitRate"),
      value: asked > 0 ? percent.format(hits / asked) : "–",
      hint: s("cache.asked", { count: asked }),
    },
    { label: s("cache.entries"), value: number.format(memory.entries), hint: s("cache.entriesHint") },
    ...(redis
      ? [
          {
            label: s("cache.redis"),
            value: formatBytes(redis.memory.bytes, language),
            hint: s("cache.evicted", { count: redis.evictedKeys }),
          },
        ]
      : []),
  ];
  return <Figures items={items} />;
}

/** How well the cache works, and how to empty or fill it. */
export function CacheView() {
  const { s, language } = useSystemI18n();
  const stats = useCacheStats();
  const { warmUp } = useCacheActions();
  const [isClearing, setIsClearing] = useState(false);
  return (
    <AccountCard heading={s("cache.heading")} lead={s("cache.lead")}>
      <Loaded query={stats} failed={s("cache.failed")}>
        {(data) => (
          <>
            <p className={account.row}>
              <span className="sys-mark" data-tone={TONES[data.state]}>
                {s(`cache.states.${data.state}`)}
              </span>
              <span className="sys-quiet">
                {s("cache.since", { time: formatAgo(data.since, Date.now(), language) })}
              </span>
            </p>
            {data.state === "away" && <Notice tone="warn">{s("cache.awayHint")}</Notice>}
            <CacheFigures stats={data} />
            <CachePolicies policies={data.policies} />
            <h3>{s("cache.room")}</h3>
            <MemoryBars stats={data} />
          </>
        )}
      </Loaded>
      <div className={account.row}>
        <Button onClick={() => warmUp.isPending || warmUp.mutate()} aria-disabled={warmUp.isPending}>
          <RefreshCw size={18} aria-hidden="true" />
          {s(warmUp.isPending ? "cache.warming" : "cache.warmUp")}
        </Button>
        <Button variant="danger" onClick={() => setIsClearing(true)}>
          <Trash2 size={18} aria-hidden="true" />
          {s("cache.clear")}
        </Button>
      </div>
      {isClearing && (
        <ClearCacheDialog
          names={stats.data?.policies.map(({ name }) => name) ?? []}
          onClose={() => setIsClearing(false)}
        />
      )}
    </AccountCard>
  );
}
