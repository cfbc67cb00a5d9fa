import { Box, Cable, Database, HardDrive, ListOrdered, type LucideIcon, Zap } from "lucide-react";
import type { MonitoredService, ServiceHealth } from "../../../../../server/contract/monitor.ts";
import { formatAgo } from "../../../i18n/format.ts";
import { figureWords } from "./figure-words.ts";
import { HistoryChart } from "./history-chart.tsx";
import { StateMark } from "./state-mark.tsx";
import { useSystemI18n } from "./use-system-i18n.ts";

const ICONS: Readonly<Record<MonitoredService, LucideIcon>> = {
  database: Database,
  cache: Zap,
  storage: HardDrive,
  provider: Cable,
  queue: ListOrdered,
  host: Box,
};

interface ServiceTileProps {
  health: ServiceHealth;
  hours: number;
  /** Milliseconds. */
  now: number;
  /** What is wrong, in the reader's language, where there is an alert of it. */
  trouble: string | undefined;
}

/** How one service is, and how quickly it has answered lately. */
export function ServiceTile({ health, hours, now, trouble }: ServiceTileProps) {
  const { s, language } = useSystemI18n();
  const { service, status, message, responseMs, figures, at } = health;
  const Icon = ICONS[service];
  const isOff = status === "off";
  const facts = figureWords(figures, { s, language });
  const isTroubled = status === "degraded" || status === "unhealthy";
  return (
    <li className="sys-tile" data-state={status}>
      <div className="sys-tile-head">
        <Icon size={20} aria-hidden="true" />
        <h3>{s(`services.${service}`)}</h3>
        <StateMark state={status} />
      </div>
      {isOff ? (
        <p className="sys-quiet">{s(`off.${service === "cache" ? "cache" : "other"}`)}</p>
      ) : (
        <>
          <p className="sys-big">
            {new Intl.NumberFormat(language).format(responseMs)} <span>{s("ms")}</span>
          </p>
          {isTroubled && <p className="sys-trouble">{trouble ?? message}</p>}
          <HistoryChart service={service} hours={hours} />
          <p className="sys-quiet sys-small">
            {[...facts, s("health.lookedAt", { time: formatAgo(at, now, language) })].join(" · ")}
          </p>
        </>
      )}
    </li>
  );
}
