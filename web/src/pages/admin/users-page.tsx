import { AdminFrame } from "./admin-frame.tsx";
import { InvitationsCard } from "./invitations-card.tsx";
import { MembersCard } from "./members-card.tsx";
import { useAdminI18n } from "./use-admin-i18n.ts";

/** Where administrators look after people. */
export default function UsersPage() {
  const { d } = useAdminI18n();
  return (
    <AdminFrame page={d("users.page")} heading={d("users.heading")}>
      <InvitationsCard />
      <MembersCard />
    </AdminFrame>
  );
}
