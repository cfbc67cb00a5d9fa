import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Layout } from "./layout.tsx";
import { loadView } from "./load-view.ts";
import { hasAccounts } from "./session/has-accounts.ts";

const AccountsGate = lazy(() => loadView(() => import("./session/accounts-gate.tsx")));

/** The whole page. */
export function App({ client }: { client: QueryClient }) {
  return (
    <QueryClientProvider client={client}>
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
