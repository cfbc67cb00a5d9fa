import { Mail } from "lucide-react";
import { useState } from "react";
import type { Invitation } from "../../../../server/contract/invitation.ts";
import { Button } from "../../components/button.tsx";
import { formatDay } from "../../i18n/format.ts";
import styles from "../account/account.module.css";
import { useAccountI18n } from "../account/use-account-i18n.ts";
import { ConfirmDialog } from "../webhooks/confirm-dialog.tsx";
import { useInvitationActions } from "./admin-queries.ts";
import { type AdminTranslate, useAdminI18n } from "./use-admin-i18n.ts";

function stateOf({ state, usedBy, expiresAt }: Invitation, d: AdminTranslate, day: (time: string) => string) {
  if (state === "open") return d("invitations.open");
  if (state === "revoked") return d("invitations.revoked");
  if (state === "expired") return d("invitations.expired", { date: day(expiresAt) });
  return usedBy ? d("invitations.used", { name: usedBy }) : d("invitations.usedPlain");
}

/** An invitation; an open one can be revoked. */
export function InvitationItem({ invitation }: { invitation: Invitation }) {
  const { a } = useAccountI18n();
  const { d, language } = useAdminI18n();
  const { revoke } = useInvitationActions();
  const [isAsking, setIsAsking] = useState(false);
  const { email, role, createdBy, expiresAt, state } = invitation;
  const isOpen = state === "open";
  const whom = email ?? d("invitations.anyone");
  const day = (time: string) => formatDay(time, language);
  return (
    <li className={styles.item}>
      <Mail size={24} aria-hidden="true" />
      <div>
        <p className={styles.strong}>
          {whom}{" "}
          <span className={styles.mark} data-tone={isOpen ? "good" : "off"}>
            {stateOf(invitation, d, day)}
          </span>
        </p>
        <p className={styles.parts}>
          <span>{a(`roles.${role}`)}</span>{" "}
          {createdBy && <span>{d("invitations.by", { name: createdBy })}</span>}{" "}
          {isOpen && <span>{d("invitations.until", { date: day(expiresAt) })}</span>}
        </p>
      </div>
      {isOpen && (
        <Button
          aria-label={d("invitations.revokeThis", { name: whom, role: a(`roles.${role}`) })}
          aria-disabled={revoke.isPending}
          onClick={() => !revoke.isPending && setIsAsking(true)}
        >
          {d("invitations.revoke")}
        </Button>
      )}
      {isAsking && (
        <ConfirmDialog
          title={d("invitations.revokeTitle")}
          hint={d("invitations.revokeHint")}
          confirm={d("invitations.revokeConfirm")}
          variant="danger"
          onClose={() => setIsAsking(false)}
          onConfirm={() => {
            setIsAsking(false);
            revoke.mutate(invitation.id);
          }}
        />
      )}
    </li>
  );
}
