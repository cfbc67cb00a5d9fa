import { lazy } from "react";
import { Route, Switch } from "wouter";
import { accountPaths } from "../../account-paths.ts";
import { loadView } from "../../load-view.ts";
import { paths } from "../../paths.ts";
import { NotFoundPage } from "../not-found/not-found-page.tsx";

const AccountPage = lazy(() => loadView(() => import("./account-page.tsx")));
const KeysPage = lazy(() => loadView(() => import("../keys/keys-page.tsx")));
const UsersPage = lazy(() => loadView(() => import("../admin/users-page.tsx")));
const SystemPage = lazy(() => loadView(() => import("../admin/system/system-page.tsx")));
const AuditLogPage = lazy(() => loadView(() => import("../admin/audit-page.tsx")));

/** The views of a person's account and of those who look after people and the server. */
export default function AccountRoutes() {
  return (
    <Switch>
      <Route path={accountPaths.account} component={AccountPage} />
      <Route path={accountPaths.keys} component={KeysPage} />
      <Route path={accountPaths.users} component={UsersPage} />
      <Route path={accountPaths.audit} component={AuditLogPage} />
      <Route path={`${paths.system}/*?`} component={SystemPage} />
      <Route component={NotFoundPage} />
    </Switch>
  );
}
