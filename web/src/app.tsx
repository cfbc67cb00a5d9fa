import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { createQueryClient } from "./api/query-client.ts";
import { Layout } from "./layout.tsx";

/** The whole page. */
export function App() {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <Layout />
    </QueryClientProvider>
  );
}
