import { Activity } from "lucide-react";
import { useState } from "react";
import type { MonitoredService, SystemHealth } from "../../../../../server/contract/monitor.ts";
import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Segmented } from "../../../components/segmented.tsx";
import { formatDuration } from "../../../i18n/format.ts";
import { AccountCard } from "../../account/account-card.tsx";
import { OpenAlerts, PastAlerts } from "./alerts.tsx";
import { useHealth, useMonitorActions } from "./health-queries.ts";
import { HostTile } from "./host-tile.tsx";
import { Loaded } from "./loaded.tsx";
import { ServiceTile } from "./service-tile.tsx";
import { Toggle } from "./toggle.tsx";
import { useSystemI18n } from "./use-system-i18n.ts";

const PERIODS = { hour: 1, day: 24, week: 168 } as const;
type Period = keyof typeof PERIODS;

function MonitorSwitch({ monitor }: { monitor: SystemHealth["monitor"] }) {
  const { s, language } = useSystemI18n();
  const { turn } = useMonitorActions();
  const { intervalSeconds, running, lookedBy } = monitor;
  const isSetUp = intervalSeconds !== null;
  const hint = [
    isSetUp
      ? s("health.rhythm", { time: formatDuration(intervalSeconds, language) })
      : s("health.monitorMissing"),
    running && lookedBy && s("health.lookedBy", { name: lookedBy }),
  ];
  return (
    <Toggle
      label={s("health.monitor")}
      hint={hint.filter(Boolean).join(" ")}
      isOn={running}
      disabled={!isSetUp}
      onChange={(isOn) => turn.mutate(isOn)}
    />
  );
}

function Tiles({ health, hours, now }: { health: SystemHealth; hours: number; now: number }) {
  const { s, language } = useSystemI18n();
  const troubleOf = (service: MonitoredService) =>
    health.alerts.find((alert) => alert.service === service)?.title[language];
  if (health.services.length === 0) return <Notice>{s("health.never")}</Notice>;
  return (
    <ul className="sys-tiles" aria-label={s("health.services")}>
      {health.services.map((one) =>
        one.service === "host" ? (
          <HostTile key={one.service} health={one} now={now} trouble={troubleOf(one.service)} />
        ) : (
          <ServiceTile
            key={one.service}
            health={one}
            hours={hours}
            now={now}
            trouble={troubleOf(one.service)}
          />
        ),
      )}
    </ul>
  );
}

/** How everything that the product stands on is: now and lately, and what needs somebody. */
export function HealthCard() {
  const { s } = useSystemI18n();
  const health = useHealth();
  const { check } = useMonitorActions();
  const [period, setPeriod] = useState<Period>("day");
  const now = health.dataUpdatedAt;
  return (
    <AccountCard heading={s("health.heading")}>
      <Loaded query={health} failed={s("health.failed")}>
        {(data) => (
          <>
            <OpenAlerts alerts={data.alerts} now={now} />
            <div className="sys-bar-row">
              <Segmented
                legend={s("health.period")}
                value={period}
                options={(["hour", "day", "week"] as const).map((value) => ({
                  value,
                  label: s(`periods.${value}`),
                }))}
                onChange={setPeriod}
              />
              <Button onClick={() => check.isPending || check.mutate()} aria-disabled={check.isPending}>
                <Activity size={18} aria-hidden="true" />
                {s(check.isPending ? "health.checking" : "health.check")}
              </Button>
            </div>
            <Tiles health={data} hours={PERIODS[period]} now={now} />
            <MonitorSwitch monitor={data.monitor} />
            <PastAlerts now={now} />
          </>
        )}
      </Loaded>
    </AccountCard>
  );
}
