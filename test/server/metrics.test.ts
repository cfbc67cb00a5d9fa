import assert from "node:assert/strict";
import net from "node:net";
import { after, before, describe, it } from "node:test";
import { startTestApp, type TestApp } from "../support/app.ts";
import { scrape, seriesReaches } from "../support/metrics-client.ts";
import { parsePrometheusText, seriesValue } from "../support/prometheus-text.ts";

/** Asks for `base/0`, `base/1`, … over one connection and waits for all answers. */
async function askMany(url: string, base: string, count: number): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  for (let index = 0; index < count; index++) {
    const end = index === count - 1 ? "Connection: close\r\n" : "";
    socket.write(`GET ${base}/${index} HTTP/1.1\r\nHost: ${hostname}\r\n${end}\r\n`);
  }
  const text = (await socket.setEncoding("latin1").toArray()).join("");
  assert.equal(text.split("HTTP/1.1 404 ").length - 1, count);
}

describe("metrics", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.dispose());

  it("is Prometheus' text, with names by its conventions", async () => {
    const response = await app.request("/metrics");
    assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    const families = parsePrometheusText(await response.text());
    for (const [name, { type, help }] of families) {
      assert.match(name, /^(photo_to_3d|http|process|nodejs)_[a-z0-9_]+$/);
      assert.ok(help.length > 10, name);
      if (!/^(process|nodejs)_/.test(name)) {
        assert.equal(name.endsWith("_total"), type === "counter", name);
        assert.doesNotMatch(name, /_(ms|milliseconds|kb|mb|percent|minutes)(_|$)/);
      }
    }
    for (const name of [
      "process_cpu_seconds_total",
      "nodejs_eventloop_lag_p99_seconds",
      "nodejs_gc_duration_seconds",
      "photo_to_3d_database_up",
    ]) {
      assert.ok(families.has(name), name);
    }
  });

  it("counts requests by declared route, whatever people ask for", async () => {
    const before = await scrape(app);
    const series = (families: typeof before) =>
      families.get("http_requests_total")!.samples.length +
      families.get("http_request_duration_seconds")!.samples.length;
    const start = series(before);
    await Promise.all(Array.from({ length: 10 }, (_, part) => askMany(app.url, `/api/nobody/${part}`, 1000)));
    const families = await scrape(app);
    const counts = families.get("http_requests_total")!.samples;
    const unknown = counts.find(({ labels }) => labels.route === "other" && labels.status_code === "404");
    assert.equal(unknown?.value, 10_000);
    assert.ok(series(families) - start <= 20, `${series(families) - start} new series`);
  });

  it("names the declared route, also of a wrong method, and leaves the length of event streams out", async () => {
    await app.request("/api/v1/models/00000000-0000-7000-8000-000000000009?q=1");
    await fetch(`${app.url}/api/v1/models`, { method: "PUT" });
    const leave = new AbortController();
    const route = "/api/v1/generations/events";
    const stream = await fetch(app.url + route, { signal: leave.signal });
    assert.equal(stream.status, 200);
    assert.ok(seriesValue(await scrape(app), "http_requests_in_flight")! >= 2);
    leave.abort();
    await seriesReaches(app, 1, "http_requests_total", { route, method: "GET", status_code: "200" });
    const families = await scrape(app);
    const requests = (labels: Record<string, string>) => seriesValue(families, "http_requests_total", labels);
    assert.equal(requests({ route: "/api/v1/models/:id", method: "GET", status_code: "404" }), 1);
    assert.equal(requests({ route: "/api/v1/models", method: "PUT", status_code: "405" }), 1);
    assert.equal(seriesValue(families, "http_request_duration_seconds_count", { route }), undefined);
    const found = { route: "/api/v1/models/:id", method: "GET" };
    assert.equal(seriesValue(families, "http_request_duration_seconds_count", found), 1);
  });
});
