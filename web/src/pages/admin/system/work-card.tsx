import type { SystemStats } from "../../../../../server/contract/system.ts";
import { formatRoubles } from "../../../components/money/use-money-i18n.ts";
import { formatDuration, formatTime } from "../../../i18n/format.ts";
import { AccountCard } from "../../account/account-card.tsx";
import { type Figure, Figures } from "./figures.tsx";
import { HourColumns } from "./hour-columns.tsx";
import { Loaded } from "./loaded.tsx";
import { PeriodTable } from "./period-table.tsx";
import { StackedBar } from "./stacked-bar.tsx";
import { useBalance, useSystemStats } from "./system-queries.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

const UNDER_WAY = ["queued", "submitting", "processing", "finishing", "needs-confirmation"] as const;
const ENDS = ["succeeded", "failed", "canceled"] as const;

function NowBar({ now }: { now: SystemStats["now"] }) {
  const { s, language } = useSystemI18n();
  const parts = UNDER_WAY.map((name) => ({
    name,
    label: s(`work.states.${name}`),
    count: now.generations[name] ?? 0,
  }));
  const waits = now.oldestQueuedSeconds;
  return (
    <div className="sys-words">
      <StackedBar label={s("work.now")} parts={parts} />
      <p className="sys-quiet">
        {parts.every(({ count }) => count === 0) ? s("work.nothing") : ""}{" "}
        {waits > 0 && s("work.oldest", { time: formatDuration(waits, language) })}
      </p>
    </div>
  );
}

function Throughput({ hours }: { hours: SystemStats["hours"] }) {
  const { s, language } = useSystemI18n();
  const sum = (end: (typeof ENDS)[number]) => hours.reduce((total, hour) => total + hour[end], 0);
  const label = s("work.hoursLabel", {
    succeeded: sum("succeeded"),
    failed: sum("failed"),
    canceled: sum("canceled"),
  });
  const columns = hours.map((hour) => ({
    key: hour.at,
    counts: ENDS.map((end) => hour[end]),
    title: `${formatTime(hour.at, language)}: ${ENDS.map((end) => `${s(`work.states.${end}`)} ${hour[end]}`).join(", ")}`,
  }));
  return (
    <div className="sys-words">
      <HourColumns
        columns={columns}
        parts={ENDS}
        label={label}
        captions={[
          hours[0] ? formatTime(hours[0].at, language) : "",
          s("work.most", {
            count: Math.max(0, ...hours.map((hour) => hour.succeeded + hour.failed + hour.canceled)),
          }),
          s("work.nowEnd"),
        ]}
      />
      <ul className="sys-legend" aria-label={s("work.hours")}>
        {ENDS.map((end) => (
          <li key={end} data-none={sum(end) === 0 || undefined}>
            <span className="sys-dot" data-part={end} aria-hidden="true" />
            {s(`work.states.${end}`)} <strong>{sum(end)}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}

function DayFigures({ stats }: { stats: SystemStats }) {
  const { s, language } = useSystemI18n();
  const balance = useBalance();
  const { last24Hours: day, now } = stats;
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const { charged, assumed } = day.roubles;
  const spentHint = [
    assumed > 0 && s("work.assumed", { price: formatRoubles(assumed, language) }),
    now.reservedRoubles > 0 && s("work.reserved", { price: formatRoubles(now.reservedRoubles, language) }),
  ];
  const figures: Figure[] = [
    {
      label: s("work.success"),
      value: day.successRate === null ? "–" : percent.format(day.successRate),
      hint: s("work.accepted", { count: day.generations }),
    },
    {
      label: s("work.mean"),
      value: day.meanSeconds === null ? "–" : formatDuration(day.meanSeconds, language),
      hint: s("work.meanHint"),
    },
    {
      label: s("work.spent"),
      value: formatRoubles(charged, language),
      hint: spentHint.filter(Boolean).join(", ") || undefined,
    },
    {
      label: s("work.balance"),
      value: balance === null ? "–" : formatRoubles(balance, language),
      hint: balance === null ? s("work.noBalance") : undefined,
    },
  ];
  return <Figures items={figures} />;
}

/** What is being made now, what came of the last day, and what it cost. */
export function WorkCard() {
  const { s } = useSystemI18n();
  const stats = useSystemStats();
  return (
    <AccountCard heading={s("work.heading")}>
      <Loaded query={stats} failed={s("work.failed")}>
        {(data) => (
          <>
            <h3>{s("work.now")}</h3>
            <NowBar now={data.now} />
            <h3>{s("work.hours")}</h3>
            <DayFigures stats={data} />
            <Throughput hours={data.hours} />
            <PeriodTable stats={data} />
          </>
        )}
      </Loaded>
    </AccountCard>
  );
}
