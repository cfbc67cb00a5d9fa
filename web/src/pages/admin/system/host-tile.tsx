import { Server } from "lucide-react";
import type { ServiceHealth } from "../../../../../server/contract/monitor.ts";
import { formatAgo } from "../../../i18n/format.ts";
import { MeterBar } from "./meter-bar.tsx";
import { StateMark } from "./state-mark.tsx";
import { useSystemInfo } from "./system-queries.ts";
import { settingNumber } from "./thresholds.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

/** The settings that say from when on a figure is alarming, and what they are where they are not known. */
const LIMITS = {
  diskPercent: ["ALERT_THRESHOLD_DISK_PERCENT", 90],
  memoryPercent: ["ALERT_THRESHOLD_MEMORY_PERCENT", 90],
  httpErrorPercent: ["ALERT_THRESHOLD_ERROR_PERCENT", 5],
  generationErrorPercent: ["ALERT_THRESHOLD_ERROR_PERCENT", 5],
} as const;
type FigureName = keyof typeof LIMITS;

const NEAR = 0.85;

const toneOf = (percent: number, limit: number) =>
  percent >= limit ? "bad" : percent >= limit * NEAR ? "warn" : "plain";

interface HostTileProps {
  health: ServiceHealth;
  /** Milliseconds. */
  now: number;
  /** What is wrong, in the reader's language, where there is an alert of it. */
  trouble: string | undefined;
}

/** The machine: how full its disk and memory are, and how much went wrong lately. */
export function HostTile({ health, now, trouble }: HostTileProps) {
  const { s, language } = useSystemI18n();
  const { data: info } = useSystemInfo();
  const { status, message, figures, at } = health;
  const number = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const bar = (name: FigureName) => {
    const percent = figures[name];
    if (percent === undefined) return null;
    const [setting, usual] = LIMITS[name];
    return (
      <MeterBar
        key={name}
        label={s(`figures.${name}`)}
        share={percent / 100}
        words={number.format(percent / 100)}
        tone={toneOf(percent, settingNumber(info, setting) ?? usual)}
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
      {status !== "healthy" && <p className="sys-trouble">{trouble ?? message}</p>}
      <div className="sys-meters">{(Object.keys(LIMITS) as FigureName[]).map(bar)}</div>
      <p className="sys-quiet sys-small">{s("health.lookedAt", { time: formatAgo(at, now, language) })}</p>
    </li>
  );
}
