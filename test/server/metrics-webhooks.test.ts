import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestApp } from "../support/app.ts";
import { scrapeWhole, seriesReaches } from "../support/metrics-client.ts";
import { seriesValue } from "../support/prometheus-text.ts";
import { createWebhook, sendJson, waitForDelivery } from "../support/webhook-client.ts";
import { startReceiver } from "../support/webhook-receiver.ts";

test("outgoing webhooks are counted by what receivers answer", async (t) => {
  const receiver = await startReceiver();
  t.after(() => receiver.dispose());
  const app = await startTestApp({ env: { WEBHOOK_ALLOWED_HOSTS: "127.0.0.1" } });
  try {
    const before = await scrapeWhole(app);
    for (const outcome of ["succeeded", "failed"]) {
      assert.equal(seriesValue(before, "photo_to_3d_webhook_deliveries_total", { outcome }), 0);
    }
    const ping = async (url: string) => {
      const { id } = await createWebhook(app, url);
      assert.equal((await sendJson(app, "POST", `/api/v1/webhooks/${id}/test`)).status, 202);
      await waitForDelivery(app, id, ({ state }) => state !== "pending");
    };
    await ping(`${receiver.url}/well`);
    receiver.answerWith((_received, response) => void response.writeHead(500).end());
    await ping(`${receiver.url}/ill`);
    // No test listens there.
    await ping("http://127.0.0.1:9/nobody");
    const families = await scrapeWhole(app);
    for (const result of ["2xx", "5xx", "connection-refused"]) {
      assert.equal(seriesValue(families, "photo_to_3d_webhook_attempts_total", { result }), 1, result);
    }
    assert.equal(seriesValue(families, "photo_to_3d_webhook_deliveries_total", { outcome: "succeeded" }), 1);
    assert.equal(seriesValue(families, "photo_to_3d_webhook_deliveries_total", { outcome: "failed" }), 2);
    assert.equal(seriesValue(families, "photo_to_3d_webhook_attempt_duration_seconds_count"), 3);
    await seriesReaches(app, 3, "photo_to_3d_webhook_endpoints", { state: "enabled" });
    await seriesReaches(app, 0, "photo_to_3d_webhook_deliveries_pending");
  } finally {
    await app.dispose();
  }
});
