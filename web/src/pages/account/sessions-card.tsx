import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import type { Session } from "../../../../server/contract/account.ts";
import { accountPaths } from "../../account-paths.ts";
import { revokeSession } from "../../api/account.ts";
import { Button } from "../../components/button.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { showToast } from "../../components/toasts.ts";
import { useNow } from "../../hooks/use-now.ts";
import { formatAgo, formatDay } from "../../i18n/format.ts";
import { leave } from "../../session/sign-out.ts";
import { ConfirmDialog } from "../webhooks/confirm-dialog.tsx";
import styles from "./account.module.css";
import { AccountCard } from "./account-card.tsx";
import { reportFailure } from "./report-failure.ts";
import { SESSIONS_KEY, useSessions } from "./session-queries.ts";
import { type AccountTranslate, useAccountI18n } from "./use-account-i18n.ts";

const HANDHELD = /^(ios|ipados|android|iphone|ipad)/i;

function deviceName({ browser, system }: Session["device"], a: AccountTranslate): string {
  if (browser && system) return a("sessions.device", { browser, system });
  return browser ?? system ?? a("sessions.unknown");
}

function SessionItem({ session }: { session: Session }) {
  const { a, language } = useAccountI18n();
  const client = useQueryClient();
  const now = useNow(false);
  const { address, createdAt, current, device, lastUsedAt } = session;
  const name = deviceName(device, a);
  const revoke = useMutation({
    mutationFn: () => revokeSession(session.id),
    onSuccess: async () => {
      showToast({ title: a("sessions.revoked", { device: name }) });
      await client.invalidateQueries({ queryKey: SESSIONS_KEY });
    },
    onError: reportFailure("sessions.failed"),
  });
  const Icon = HANDHELD.test(device.system ?? "") ? Smartphone : Monitor;
  return (
    <li className={styles.item}>
      <Icon size={24} aria-hidden="true" />
      <div>
        <p className={styles.strong}>
          {name} {current && <span className={styles.mark}>{a("sessions.here")}</span>}
        </p>
        <p className={styles.parts}>
          <span>{a("sessions.used", { time: formatAgo(lastUsedAt, now, language) })}</span>{" "}
          <span>{a("sessions.since", { date: formatDay(createdAt, language) })}</span>{" "}
          {address && <span>{address}</span>}
        </p>
      </div>
      {!current && (
        <Button
          aria-label={a("sessions.revokeThis", { device: name })}
          aria-disabled={revoke.isPending}
          onClick={() => !revoke.isPending && revoke.mutate()}
        >
          {a("sessions.revoke")}
        </Button>
      )}
    </li>
  );
}

function SessionItems() {
  const { a } = useAccountI18n();
  const { data, error, isPending, refetch } = useSessions();
  if (isPending) return <Spinner label={a("sessions.loading")} />;
  if (!data)
    return <ErrorNotice error={error} title={a("sessions.loadFailed")} onRetry={() => void refetch()} />;
  return (
    <ul className={styles.items} aria-label={a("sessions.list")}>
      {data.items.map((session) => (
        <SessionItem key={session.id} session={session} />
      ))}
    </ul>
  );
}

/** Where the person is signed in, and the ways to end that. */
export function SessionsCard() {
  const { a } = useAccountI18n();
  const [, navigate] = useLocation();
  const [isAsking, setIsAsking] = useState(false);
  const leaveEverywhere = async () => {
    setIsAsking(false);
    try {
      await leave("everywhere");
      navigate(accountPaths.signIn);
    } catch (error) {
      reportFailure("sessions.failed")(error);
    }
  };
  return (
    <AccountCard heading={a("sessions.heading")} lead={a("sessions.lead")}>
      <SessionItems />
      <div>
        <Button onClick={() => setIsAsking(true)}>{a("sessions.everywhere")}</Button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title={a("sessions.everywhereTitle")}
          hint={a("sessions.everywhereHint")}
          confirm={a("sessions.everywhere")}
          variant="danger"
          onConfirm={() => void leaveEverywhere()}
          onClose={() => setIsAsking(false)}
        />
      )}
    </AccountCard>
  );
}
