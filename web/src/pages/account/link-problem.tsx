import type { ReactNode } from "react";
import { Link } from "wouter";
import { accountPaths } from "../../account-paths.ts";
import { ApiError } from "../../api/api-error.ts";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { DoorCard } from "./door-card.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";

/** Stands in for a page whose link was cut off. */
export function LinkMissing({ page }: { page: string }) {
  const { a } = useAccountI18n();
  return (
    <DoorCard page={page} heading={a("link.missing")}>
      <p>{a("link.missingHint")}</p>
      <BackToSignIn />
    </DoorCard>
  );
}

/** Why a link does not work; a link that is used or over stays so, then nothing can be tried again. */
export function LinkFailure({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const isOver = error instanceof ApiError && !error.retryable;
  return <ErrorNotice error={error} {...(!isOver && { onRetry })} />;
}

export function BackToSignIn() {
  const { a } = useAccountI18n();
  return <Link href={accountPaths.signIn}>{a("forgot.back")}</Link>;
}

/** What was done, or why nothing can be done here. */
export function Outcome({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <Notice role="status" title={title}>
        {children}
      </Notice>
      <BackToSignIn />
    </>
  );
}
