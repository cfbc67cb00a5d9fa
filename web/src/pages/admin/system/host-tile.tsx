import { Server } from "lucide-react";
import type { ServiceHealth } from "../../../../../server/contract/monitor.ts";
import { formatAgo } from "../../../i18n/format.ts";
import { MeterBar } from "./meter-bar.tsx";
import { StateMark } from "./state-mark.tsx";
import { useSystemI18n } from "./use-system-i18n.ts";

const FULL = 90;
const HIGH = 80;
const ERRORS = 5;

const tone = (percent: number, high: number, full: number) =>
  percent >= full ? "bad" : percent >= high ? "warn" : "plain";

/** The machine: how full its disk and memory are, and how much went wrong lately. */
export function HostTile({ health, now }: { health: ServiceHealth; now: number }) {
  const { s, language } = useSystemI18n();
  const { status, message, figures, at } = health;
  const number = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const bar = (name: "diskPercent" | "memoryPercent" | "httpErrorPercent" | "generationErrorPercent") => {
    const percent = figures[name];
    if (percent === undefined) return null;
    const isRoom = name === "diskPercent" || name === "memoryPercent";
    return (
      <MeterBar
        key={name}
        label={s(`figures.${name}`)}
        share={percent / 100}
        words={number.format(percent / 100)}
        tone={isRoom ? tone(percent, HIGH, FULL) : tone(percent, ERRORS / 2, ERRORS)}
      />
    );
  };
  return (
    <li className="sys-tile" data-state={status}>
      <div className="sys-tile-head">
        <Server size={20} aria-hidden="true" />
        <h3>{s("services.host")}</h3>
        <StateMark state={status} />
      </div>
      {status !== "healthy" && <p className="sys-trouble">{message}</p>}
      <div className="sys-meters">
        {(["diskPercent", "memoryPercent", "httpErrorPercent", "generationErrorPercent"] as const).map(bar)}
      </div>
      <p className="sys-quiet sys-small">{s("health.lookedAt", { time: formatAgo(at, now, language) })}</p>
    </li>
  );
}
