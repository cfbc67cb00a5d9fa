import { useState } from "react";
import type { CreatedInvitation, Invitation } from "../../../../server/contract/invitation.ts";
import { Button } from "../../components/button.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { formatDay } from "../../i18n/format.ts";
import { qrImageUrl } from "../../share/qr.ts";
import styles from "../account/account.module.css";
import { AccountCard } from "../account/account-card.tsx";
import { OnceDialog } from "../account/once-dialog.tsx";
import { useInvitations } from "./admin-queries.ts";
import { InvitationForm } from "./invitation-form.tsx";
import { InvitationItem } from "./invitation-item.tsx";
import { useAdminI18n } from "./use-admin-i18n.ts";

function Items({ invitations, label }: { invitations: readonly Invitation[]; label: string }) {
  return (
    <ul className={styles.items} aria-label={label}>
      {invitations.map((invitation) => (
        <InvitationItem key={invitation.id} invitation={invitation} />
      ))}
    </ul>
  );
}

function InvitationList() {
  const { d } = useAdminI18n();
  const list = useInvitations();
  if (list.isPending) return <Spinner label={d("invitations.loading")} />;
  if (!list.data) {
    const retry = () => void list.refetch();
    return <ErrorNotice error={list.error} title={d("invitations.loadFailed")} onRetry={retry} />;
  }
  const all = list.data.pages.flatMap(({ items }) => items);
  const open = all.filter(({ state }) => state === "open");
  const past = all.filter(({ state }) => state !== "open");
  return (
    <>
      {open.length > 0 ? (
        <Items invitations={open} label={d("invitations.list")} />
      ) : (
        <p className={styles.quiet}>{d("invitations.empty")}</p>
      )}
      {past.length > 0 && (
        <details>
          <summary>{d("invitations.past")}</summary>
          <Items invitations={past} label={d("invitations.past")} />
        </details>
      )}
      {list.hasNextPage && (
        <div>
          <Button aria-disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {d("invitations.more")}
          </Button>
        </div>
      )}
    </>
  );
}

function InvitationLink({ made, onClose }: { made: CreatedInvitation; onClose: () => void }) {
  const { d, language } = useAdminI18n();
  const date = formatDay(made.expiresAt, language);
  const hint = made.mailed
    ? d("invitations.mailedHint", { email: made.email ?? "", date })
    : d("invitations.madeHint", { date });
  return (
    <OnceDialog
      title={d("invitations.madeTitle")}
      hint={hint}
      label={d("invitations.label")}
      text={made.url}
      copy={d("invitations.copy")}
      onClose={onClose}
    >
      <img src={qrImageUrl(made.url)} alt={d("invitations.qr")} width={180} height={180} />
    </OnceDialog>
  );
}

/** Links by which people come in. */
export function InvitationsCard() {
  const { d } = useAdminI18n();
  const [isAdding, setIsAdding] = useState(false);
  const [made, setMade] = useState<CreatedInvitation | null>(null);
  return (
    <AccountCard heading={d("invitations.heading")} lead={d("invitations.lead")}>
      <InvitationList />
      <div>
        <Button variant="primary" onClick={() => setIsAdding(true)}>
          {d("invitations.add")}
        </Button>
      </div>
      {isAdding && (
        <InvitationForm
          onMade={(invitation) => {
            setIsAdding(false);
            setMade(invitation);
          }}
          onClose={() => setIsAdding(false)}
        />
      )}
      {made && <InvitationLink made={made} onClose={() => setMade(null)} />}
    </AccountCard>
  );
}
