import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { join, type NewAccount, readInvitation } from "../../api/account.ts";
import { Button, ButtonLink } from "../../components/button.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { useStore } from "../../hooks/use-store.ts";
import { paths } from "../../paths.ts";
import { session } from "../../session/session-store.ts";
import { leave } from "../../session/sign-out.ts";
import { useMe } from "../../session/use-me.ts";
import styles from "./account.module.css";
import { DoorCard } from "./door-card.tsx";
import { enter } from "./enter.ts";
import { BackToSignIn, LinkFailure, LinkMissing } from "./link-problem.tsx";
import { useLinkToken } from "./link-token.ts";
import { NewAccountForm } from "./new-account-form.tsx";
import { reportFailure } from "./report-failure.ts";
import { useAccountI18n } from "./use-account-i18n.ts";

/** For somebody who has an account here already. */
function AlreadyIn() {
  const { a } = useAccountI18n();
  const { data: me } = useMe();
  return (
    <DoorCard page={a("invite.page")} heading={a("invite.alreadyIn")}>
      <p>{a("invite.alreadyInHint", { name: me?.email ?? "…" })}</p>
      <Button variant="primary" onClick={() => leave("here").catch(reportFailure("menu.failed"))}>
        {a("menu.signOut")}
      </Button>
      <ButtonLink href={paths.create}>{a("invite.stay")}</ButtonLink>
    </DoorCard>
  );
}

function Invitation({ token }: { token: string }) {
  const { a } = useAccountI18n();
  const [, navigate] = useLocation();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => readInvitation(token, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (isPending) return <Spinner label={a("invite.loading")} />;
  if (!data) {
    return (
      <DoorCard page={a("invite.page")} heading={a("link.failed")}>
        <LinkFailure error={error} onRetry={() => void refetch()} />
        <BackToSignIn />
      </DoorCard>
    );
  }
  const send = async (account: NewAccount) => {
    const signedIn = await join({ ...account, invitation: token });
    navigate(paths.create, { replace: true });
    enter(signedIn);
  };
  return (
    <DoorCard page={a("invite.page")} heading={a("invite.heading")}>
      <p>
        {a("invite.lead", { role: a(`roles.${data.role}`) })}{" "}
        <span className={styles.quiet}>{a(`roleHints.${data.role}`)}</span>
      </p>
      <NewAccountForm
        email={data.email}
        words={{ submit: a("invite.submit"), sending: a("invite.sending") }}
        send={send}
      />
    </DoorCard>
  );
}

/** Whoever has the link of an invitation makes an account with the role that it gives. */
export default function InvitePage() {
  const { a } = useAccountI18n();
  const token = useLinkToken();
  const isIn = useStore(session).kind === "in";
  if (!token) return <LinkMissing page={a("invite.page")} />;
  return isIn ? <AlreadyIn /> : <Invitation token={token} />;
}
