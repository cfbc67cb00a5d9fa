import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { createQueryClient } from "./api/query-client.ts";
import { Layout } from "./layout.tsx";
import { loadView } from "./load-view.ts";
import { hasAccounts } from "./session/has-accounts.ts";

const AccountsGate = lazy(() => loadView(() => import("./session/accounts-gate.tsx")));

/** The whole page. */
export function App() {
  const [client] = useState(createQueryClient);
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
