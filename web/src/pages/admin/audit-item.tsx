import { useState } from "react";
import type { AuditEntry } from "../../../../server/contract/audit.ts";
import { formatAgo } from "../../i18n/format.ts";
import account from "../account/account.module.css";
import { useAccountI18n } from "../account/use-account-i18n.ts";
import styles from "./audit.module.css";
import { AuditFacts } from "./audit-facts.tsx";
import { deedIcon, isAlarming } from "./deed-icon.ts";
import { deedWords } from "./deed-words.ts";
import { type AdminTranslate, useAdminI18n } from "./use-admin-i18n.ts";

const WAYS = ["cookie", "bearer", "api-key", "local"] as const;

/** Deeds by which a sign-in only begins: nothing carried one yet. */
const BEGINNINGS = new Set(["auth.signed-in", "invitation.used"]);

/** Who did it. What nobody signed in did came over the network; the rest is the server's own work. */
function whoDid({ actor, address }: AuditEntry, names: ReadonlyMap<string, string>, d: AdminTranslate) {
  if (actor) return names.get(actor.id) ?? actor.name ?? d("audit.gone");
  return d(address ? "audit.nobody" : "audit.server");
}

interface AuditItemProps {
  entry: AuditEntry;
  names: ReadonlyMap<string, string>;
  /** Milliseconds. */
  now: number;
}

/** One deed: what, by whom, when, from where; all that is on record of it on demand. */
export function AuditItem({ entry, names, now }: AuditItemProps) {
  const { a } = useAccountI18n();
  const { d, language } = useAdminI18n();
  const [isOpen, setIsOpen] = useState(false);
  const { action, actor, address, createdAt } = entry;
  const Icon = deedIcon(action);
  const way = WAYS.find((one) => one === actor?.via && !BEGINNINGS.has(action));
  const time = new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(new Date(createdAt));
  const who = whoDid(entry, names, d);
  return (
    <li className={styles.item} data-alarming={isAlarming(action) || undefined}>
      <Icon size={20} aria-hidden="true" />
      <div>
        <p className={account.strong}>{deedWords(entry, { d, a, names })}</p>
        <p className={account.parts}>
          <span>{way ? `${who}, ${d(`audit.via.${way}`)}` : who}</span>{" "}
          <time dateTime={createdAt}>
            <span>{`${time} (${formatAgo(createdAt, now, language)})`}</span>
          </time>{" "}
          {address && <span>{address}</span>}
        </p>
        <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
          <summary>
            {d("audit.details")}
            <span className="visually-hidden">: {deedWords(entry, { d, a, names })}</span>
          </summary>
          {isOpen && <AuditFacts entry={entry} />}
        </details>
      </div>
    </li>
  );
}
