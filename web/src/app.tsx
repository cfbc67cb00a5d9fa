import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ComponentType, lazy, Suspense } from "react";
import { Layout } from "./layout.tsx";
import { loadView } from "./load-view.ts";
import { hasAccounts } from "./session/has-accounts.ts";

const AccountsGate = lazy(() => loadView(() => import("./session/accounts-gate.tsx")));

/** Not worth an error: without it the page works as ever. */
const MaintenanceBanner = lazy<ComponentType>(() =>
  import("./components/maintenance-banner.tsx").catch(() => ({ default: () => null })),
);

/** The whole page. */
export function App({ client }: { client: QueryClient }) {
  return (
    <QueryClientProvider client={client}>
      <Suspense fallback={null}>
        <MaintenanceBanner />
      </Suspense>
      {hasAccounts ? (
        <Suspense fallback={null}>
          <AccountsGate>
            <Layout />
          </AccountsGate>
        </Suspense>
      ) : (
        <Layout />
      )}
    </QueryClientProvider>
  );
}
