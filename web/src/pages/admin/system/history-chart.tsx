import type { MonitoredService } from "../../../../../server/contract/monitor.ts";
import { AreaChart } from "./area-chart.tsx";
import { summarize } from "./chart-geometry.ts";
import { useHealthHistory } from "./health-queries.ts";
import { toSamples } from "./history-words.ts";
import { useSlowThreshold } from "./thresholds.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

interface HistoryChartProps {
  service: MonitoredService;
  /** Back from now. */
  hours: number;
}

/** How long the checks of a service took lately, in a picture and in words. */
export function HistoryChart({ service, hours }: HistoryChartProps) {
  const { s, language } = useSystemI18n();
  const { data } = useHealthHistory(service, hours);
  const threshold = useSlowThreshold();
  const samples = data ? toSamples(data.points) : [];
  const summary = summarize(samples);
  if (!data || !summary) return <p className="sys-chart-none">{data ? s("health.noHistory") : ""}</p>;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const range = s("health.range", {
    lowest: number.format(summary.lowest),
    mean: number.format(summary.mean),
    highest: number.format(summary.highest),
  });
  const failures = summary.failures > 0 ? s("health.failures", { count: summary.failures }) : "";
  return (
    <div className="sys-history">
      <AreaChart
        samples={samples}
        from={Date.parse(data.from)}
        to={Date.parse(data.to)}
        threshold={threshold}
        label={[s("health.chart", { service: s(`services.${service}`), count: hours }), range, failures]
          .filter(Boolean)
          .join(". ")}
      />
      <p className="sys-chart-caption" aria-hidden="true">
        <span>{s(`periods.${hours === 1 ? "hour" : hours === 24 ? "day" : "week"}`)}</span>
        <span>{range}</span>
      </p>
    </div>
  );
}
