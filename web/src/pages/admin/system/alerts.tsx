import { useState } from "react";
import type { Alert } from "../../../../../server/contract/monitor.ts";
import { Button } from "../../../components/button.tsx";
import { AlertItem } from "./alert-item.tsx";
import { usePastAlerts } from "./health-queries.ts";
import { Loaded } from "./loaded.tsx";
import { useSystemI18n } from "./use-system-i18n.ts";

/** What needs somebody now. */
export function OpenAlerts({ alerts, now }: { alerts: readonly Alert[]; now: number }) {
  const { s } = useSystemI18n();
  return (
    <section aria-label={s("alerts.open")} role="status" className="sys-live">
      {alerts.length > 0 && (
        <ul className="sys-alerts">
          {alerts.map((alert) => (
            <AlertItem key={alert.id} alert={alert} now={now} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** What is over. */
export function PastAlerts({ now }: { now: number }) {
  const { s } = useSystemI18n();
  const [isOpen, setIsOpen] = useState(false);
  const list = usePastAlerts(isOpen);
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{s("alerts.past")}</summary>
      {isOpen && (
        <Loaded query={list} failed={s("alerts.failed")}>
          {({ pages }) => {
            const alerts = pages.flatMap(({ items }) => items);
            if (alerts.length === 0) return <p className="sys-quiet">{s("alerts.none")}</p>;
            return (
              <>
                <ul className="sys-alerts">
                  {alerts.map((alert) => (
                    <AlertItem key={alert.id} alert={alert} now={now} />
                  ))}
                </ul>
                {list.hasNextPage && (
                  <Button onClick={() => void list.fetchNextPage()}>{s("alerts.more")}</Button>
                )}
              </>
            );
          }}
        </Loaded>
      )}
    </details>
  );
}
