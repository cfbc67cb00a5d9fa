import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import { useMe } from "../../session/use-me.ts";
import { AccountFrame } from "../account/account-frame.tsx";
import { useAdminI18n } from "./use-admin-i18n.ts";

interface AdminFrameProps {
  page: string;
  heading: string;
  children: ReactNode;
}

/** A view for administrators; to others it says so. */
export function AdminFrame({ page, heading, children }: AdminFrameProps) {
  const { t } = useI18n();
  const { d } = useAdminI18n();
  const { data: me, error, isPending, refetch } = useMe();
  const content = () => {
    if (isPending) return <Spinner label={t("app.loading")} />;
    if (!me) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
    if (me.role === "admin") return children;
    return (
      <EmptyState
        icon={<Lock size={40} aria-hidden="true" />}
        title={d("onlyAdmins")}
        hint={d("onlyAdminsHint")}
      />
    );
  };
  return (
    <AccountFrame page={page} heading={heading} wide>
      {content()}
    </AccountFrame>
  );
}
