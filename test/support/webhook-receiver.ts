import type { IncomingHttpHeaders, Server, ServerResponse } from "node:http";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { WebhookEvent } from "../../server/contract/webhook.ts";

export interface ReceivedWebhook {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  event: WebhookEvent;
}

/** Answers one request; the default is 204. */
export type ReceiverAnswer = (received: ReceivedWebhook, response: ServerResponse) => unknown;

/** A customer's server on loopback, over http or, with a key and certificate, over https. */
export async function startReceiver(tls?: { key: string; cert: string }) {
  const received: ReceivedWebhook[] = [];
  const open = new Map<string, number>();
  let most = 0;
  let answer: ReceiverAnswer = (_received, response) => response.writeHead(204).end();
  const listener: http.RequestListener = async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const path = request.url ?? "";
    const webhook = { path, headers: request.headers, body, event: JSON.parse(body) as WebhookEvent };
    received.push(webhook);
    const id = String(request.headers["webhook-id"]) + path;
    open.set(id, (open.get(id) ?? 0) + 1);
    most = Math.max(most, open.get(id)!);
    response.once("close", () => open.set(id, open.get(id)! - 1));
    await answer(webhook, response);
  };
  const server: Server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    received,
    /** The most requests for one message and path that were open at once. */
    mostAtOnce: () => most,
    answerWith(next: ReceiverAnswer) {
      answer = next;
    },
    /** Resolves with what came, once that many requests are there; fails after three minutes. */
    async waitFor(count: number): Promise<ReceivedWebhook[]> {
      for (let tries = 0; received.length < count; tries++) {
        if (tries === 3600) throw new Error(`Only ${received.length} of ${count} webhooks came`);
        await sleep(50);
      }
      return received;
    },
    async dispose() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;
