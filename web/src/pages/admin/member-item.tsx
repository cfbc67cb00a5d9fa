import { useState } from "react";
import type { ResetLink } from "../../../../server/contract/user.ts";
import type { Member } from "../../api/admin.ts";
import { useNow } from "../../hooks/use-now.ts";
import { formatAgo, formatBytes, formatDay } from "../../i18n/format.ts";
import styles from "../account/account.module.css";
import { initialsOf } from "../account/account-menu.tsx";
import { OnceDialog } from "../account/once-dialog.tsx";
import { useAccountI18n } from "../account/use-account-i18n.ts";
import { ConfirmDialog } from "../webhooks/confirm-dialog.tsx";
import { nameOf, useUserActions } from "./admin-queries.ts";
import { DeleteMemberDialog } from "./delete-member-dialog.tsx";
import { MemberMenu, type MemberTask } from "./member-menu.tsx";
import { RoleDialog } from "./role-dialog.tsx";
import { useAdminI18n } from "./use-admin-i18n.ts";

/** What an administrator has to know of a member at a glance. */
function MemberWords({ member, isSelf }: { member: Member; isSelf: boolean }) {
  const { a } = useAccountI18n();
  const { d, language } = useAdminI18n();
  const now = useNow(false);
  const { name, email, role, disabledAt, lastSignInAt, storageBytes, createdAt } = member;
  return (
    <div>
      <p className={styles.strong}>
        {nameOf(member)}{" "}
        <span className={styles.mark} data-tone={role === "admin" ? "accent" : "off"}>
          {a(`roles.${role}`)}
        </span>{" "}
        {disabledAt && (
          <span className={styles.mark} data-tone="bad">
            {d("users.off")}
          </span>
        )}
        {isSelf && <span className={styles.mark}>{d("users.you")}</span>}
      </p>
      {name && <p className={styles.quiet}>{email}</p>}
      <p className={styles.parts}>
        <span>
          {lastSignInAt
            ? d("users.signedIn", { time: formatAgo(lastSignInAt, now, language) })
            : d("users.neverSignedIn")}
        </span>{" "}
        <span>{d("users.stored", { size: formatBytes(storageBytes, language) })}</span>{" "}
        <span>{d("users.since", { date: formatDay(createdAt, language) })}</span>
      </p>
    </div>
  );
}

/** A member, and everything that an administrator can do about them. */
export function MemberItem({ member, isSelf }: { member: Member; isSelf: boolean }) {
  const { d, language } = useAdminI18n();
  const { setOff, makeLink } = useUserActions();
  const [task, setTask] = useState<MemberTask | null>(null);
  const [link, setLink] = useState<ResetLink | null>(null);
  const name = nameOf(member);
  const close = () => setTask(null);
  const begin = (chosen: MemberTask) => {
    if (chosen === "on") setOff.mutate({ member, disabled: false });
    else setTask(chosen);
  };
  return (
    <li className={styles.item}>
      <span className={styles.avatar} data-initials={initialsOf(name)} aria-hidden="true" />
      <MemberWords member={member} isSelf={isSelf} />
      <MemberMenu member={member} isSelf={isSelf} onTask={begin} />
      {task === "role" && <RoleDialog member={member} onClose={close} />}
      {task === "remove" && <DeleteMemberDialog member={member} onClose={close} />}
      {task === "off" && (
        <ConfirmDialog
          title={d("off.title", { name })}
          hint={d("off.hint", { name })}
          confirm={d("off.confirm")}
          variant="danger"
          onClose={close}
          onConfirm={() => {
            close();
            setOff.mutate({ member, disabled: true });
          }}
        />
      )}
      {task === "link" && (
        <ConfirmDialog
          title={d("reset.askTitle", { name })}
          hint={d("reset.askHint", { email: member.email })}
          confirm={d("reset.ask")}
          variant="primary"
          onClose={close}
          onConfirm={() => {
            close();
            makeLink.mutate(member, { onSuccess: setLink });
          }}
        />
      )}
      {link && (
        <OnceDialog
          title={d("reset.title")}
          hint={d("reset.hint", { name, date: formatDay(link.expiresAt, language) })}
          label={d("reset.label")}
          text={link.url}
          copy={d("reset.copy")}
          onClose={() => setLink(null)}
        />
      )}
    </li>
  );
}
