import { CircleCheck, OctagonAlert, TriangleAlert } from "lucide-react";
import type { Alert } from "../../../../../server/contract/monitor.ts";
import { formatAgo, formatDuration } from "../../../i18n/format.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

/** What went wrong, what to do, since when, and who was told. */
export function AlertItem({ alert, now }: { alert: Alert; now: number }) {
  const { s, language } = useSystemI18n();
  const { severity, state, title, advice, openedAt, resolvedAt, notices, service } = alert;
  const isOpen = state === "open";
  const Icon = isOpen ? (severity === "critical" ? OctagonAlert : TriangleAlert) : CircleCheck;
  const told = [...new Set(notices.filter(({ sentAt }) => sentAt).map(({ channel }) => channel))];
  const facts = [
    s(`services.${service}`),
    isOpen
      ? s("alerts.since", { time: formatAgo(openedAt, now, language) })
      : s("alerts.was", {
          time: formatAgo(openedAt, now, language),
          duration: formatDuration(
            (Date.parse(resolvedAt ?? openedAt) - Date.parse(openedAt)) / 1000,
            language,
          ),
        }),
    ...told.map((channel) => s(`alerts.told.${channel}`)),
  ];
  return (
    <li className="sys-alert" data-severity={isOpen ? severity : "over"}>
      <Icon size={22} aria-hidden="true" />
      <div>
        <p className="sys-strong">
          {isOpen && <span className="visually-hidden">{s(`alerts.${severity}`)}: </span>}
          {title[language]}
        </p>
        {isOpen && <p>{advice[language]}</p>}
        <p className="sys-quiet sys-small">{facts.join(" · ")}</p>
      </div>
    </li>
  );
}
