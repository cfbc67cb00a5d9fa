import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Alert } from "../../../server/contract/monitor.ts";

export interface ReceivedAlert {
  id: string;
  type: "alert.opened" | "alert.resolved";
  text: string;
  url: string | null;
  alert: Alert;
}

/** Whom the receiver lets in. */
const LOGIN = "operator:pass word";

/** Where an operator has alerts sent to. */
export async function startAlertReceiver() {
  const received: ReceivedAlert[] = [];
  let status = 204;
  let refused = 0;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const [, pair = ""] = request.headers.authorization?.split(" ") ?? [];
    if (Buffer.from(pair, "base64").toString() !== LOGIN) status = 401;
    if (status < 300) received.push(JSON.parse(body));
    else refused += 1;
    response.writeHead(status, { Connection: "close", Location: "/elsewhere" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://${LOGIN.replace(" ", "%20")}@127.0.0.1:${(server.address() as AddressInfo).port}/alerts?token=very-secret-token`,
    received,
    /** What was told, such as `alert.opened database.failing`. */
    told: () => received.map(({ type, alert }) => `${type} ${alert.key}`),
    refused: () => refused,
    answerWith(next: number) {
      status = next;
    },
    async dispose() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

export type AlertReceiver = Awaited<ReturnType<typeof startAlertReceiver>>;
