import type { ReactNode } from "react";
import { Link } from "wouter";
import type { AuditEntry } from "../../../../server/contract/audit.ts";
import { paths } from "../../paths.ts";
import { CopyText } from "../account/copy-text.tsx";
import styles from "./audit.module.css";
import { useAdminI18n } from "./use-admin-i18n.ts";

/** Whether what was done left the model where it was. */
const leavesModel = ({ action }: AuditEntry) => action.startsWith("model.") && action !== "model.removed";

/** Everything on record of one deed. */
export function AuditFacts({ entry }: { entry: AuditEntry }) {
  const { d, language } = useAdminI18n();
  const { action, subjectId, requestId, address, userAgent, details, createdAt } = entry;
  const exact = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "long" });
  const extra = Object.entries(details)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" · ");
  const facts: [string, ReactNode][] = [
    [d("audit.exact"), exact.format(new Date(createdAt))],
    [d("audit.action"), <code key="action">{action}</code>],
    [
      d("audit.request"),
      requestId && (
        <>
          <code>{requestId}</code>
          <CopyText text={requestId} label={d("audit.copyRequest")} />
        </>
      ),
    ],
    [d("audit.address"), address],
    [d("audit.device"), userAgent],
    [
      d("audit.subject"),
      subjectId && (
        <>
          <code>{subjectId}</code>
          {leavesModel(entry) && <Link href={paths.model(subjectId)}>{d("audit.openModel")}</Link>}
        </>
      ),
    ],
    [d("audit.extra"), extra],
  ];
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value)
        .flatMap(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name} value`}>{value}</dd>])}
    </dl>
  );
}
