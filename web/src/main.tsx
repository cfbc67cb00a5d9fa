import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./styles/tokens.css";
import "./styles/base.css";
import { createQueryClient } from "./api/query-client.ts";
import { App } from "./app.tsx";
import { beginModelPage } from "./begin-model-page.ts";

const client = createQueryClient();
const root = createRoot(document.getElementById("root")!);
// Not awaited up here: the files of the views wait for this one to end.
void beginModelPage(client).then(() =>
  root.render(
    <StrictMode>
      <App client={client} />
    </StrictMode>,
  ),
);
