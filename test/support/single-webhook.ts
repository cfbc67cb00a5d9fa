import assert from "node:assert/strict";
import type { Webhook, WebhookDelivery } from "../../server/contract/webhook.ts";
import type { TestApp } from "./app.ts";
import { createWebhook, sendJson, waitForDelivery } from "./webhook-client.ts";
import { startReceiver } from "./webhook-receiver.ts";

/** The only webhook of an app, told of canceled generations, and its receiver. */
export async function startSingleWebhook(app: TestApp) {
  await app.context.records.WebhookEndpoint.destroy({ where: {} });
  const receiver = await startReceiver();
  const webhook = await createWebhook(app, receiver.url, ["generation.canceled"]);
  const path = `/api/v1/webhooks/${webhook.id}`;
  return {
    receiver,
    webhook,
    read: async () => (await (await app.request(path)).json()) as Webhook,
    async change(body: object): Promise<Webhook> {
      const response = await sendJson(app, "PATCH", path, body);
      assert.equal(response.status, 200, await response.clone().text());
      return (await response.json()) as Webhook;
    },
    /** The newest delivery, once it has ended. */
    settled: (): Promise<WebhookDelivery> =>
      waitForDelivery(app, webhook.id, ({ state }) => state !== "pending"),
    replay: (id: string) => sendJson(app, "POST", `${path}/deliveries/${id}/replay`),
  };
}

export type SingleWebhook = Awaited<ReturnType<typeof startSingleWebhook>>;
