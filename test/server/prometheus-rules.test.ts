import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parser } from "@prometheus-io/lezer-promql";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { startTestApp } from "../support/app.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { type MetricFamily, parsePrometheusText } from "../support/prometheus-text.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../deploy/prometheus");
const readYaml = (name: string): unknown => parseYaml(fs.readFileSync(path.join(FOLDER, name), "utf8"));

const Duration = z.string().regex(/^\d+[smh]$/);
const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^PhotoTo3d[A-Z]\w+$/),
          expr: z.string(),
          for: Duration.optional(),
          labels: z.strictObject({ severity: z.enum(["info", "warning", "critical"]) }),
          annotations: z.strictObject({ summary: z.string(), description: z.string().optional() }),
        }),
      ),
    }),
  ),
});
const Scrape = z.object({
  rule_files: z.array(z.string()),
  scrape_configs: z.array(
    z.object({ metrics_path: z.string(), authorization: z.object({ type: z.literal("Bearer") }) }),
  ),
});

const rules = Rules.parse(readYaml("photo-to-3d.rules.yml")).groups.flatMap((group) => group.rules);

/** Metrics that Prometheus makes itself. */
const OF_PROMETHEUS = new Set(["up"]);
/** Labels that Prometheus puts on everything that it scrapes. */
const OF_THE_TARGET = new Set(["job", "instance"]);

interface Selector {
  metric: string;
  /** Label → value that must be equal; only such matchers. */
  equal: [string, string][];
}

/** The metrics that an expression asks for; fails where it is not PromQL. */
function selectorsOf(expression: string): Selector[] {
  const selectors: Selector[] = [];
  parser.parse(expression).iterate({
    enter(node) {
      const text = expression.slice(node.from, node.to);
      assert.ok(!node.type.isError, `no PromQL near "${text || expression.slice(node.from - 20)}"`);
      if (node.name !== "VectorSelector") return;
      const metric = text.match(/^\w+/)![0];
      const equal = [...text.matchAll(/(\w+)="([^"]*)"/g)].map(
        ([, label, value]) => [label, value] as [string, string],
      );
      selectors.push({ metric, equal });
    },
  });
  return selectors;
}

const familyOf = (families: Map<string, MetricFamily>, metric: string) =>
  families.get(metric) ?? families.get(metric.replace(/_(bucket|sum|count)$/, ""));

test("the parser of the rules refuses what is no PromQL", () => {
  assert.deepEqual(selectorsOf('sum(rate(a_total{b="c"}[5m])) > 1'), [
    { metric: "a_total", equal: [["b", "c"]] },
  ]);
  assert.throws(() => selectorsOf("sum(rate(a_total[5m]) > 1"), /no PromQL/);
});

test("alerts have names of their own, and cover what an operator must know", () => {
  const names = rules.map(({ alert }) => alert);
  assert.equal(new Set(names).size, names.length);
  const all = rules.map(({ expr }) => expr).join("\n");
  for (const metric of [
    "photo_to_3d_attempts_unknown_oldest_age_seconds",
    "photo_to_3d_provider_breaker_state",
    "photo_to_3d_generations_queued_oldest_age_seconds",
    "photo_to_3d_provider_balance_roubles",
    "photo_to_3d_budget_used_roubles",
    "photo_to_3d_provider_requests_total",
  ]) {
    assert.ok(all.includes(metric), metric);
  }
});

test("rules and scrape configuration ask only for what is exported", async () => {
  await using fake = await startFakeGenapi();
  const app = await startTestApp({ fake });
  try {
    const scrape = Scrape.parse(readYaml("prometheus.yml"));
    for (const file of scrape.rule_files) assert.ok(fs.existsSync(path.join(FOLDER, file)), file);
    const [{ metrics_path }] = scrape.scrape_configs;
    const families = parsePrometheusText(await (await app.request(metrics_path)).text());
    for (const { alert, expr } of rules) {
      const selectors = selectorsOf(expr);
      assert.ok(selectors.length > 0, alert);
      for (const { metric, equal } of selectors) {
        if (OF_PROMETHEUS.has(metric)) continue;
        const family = familyOf(families, metric);
        assert.ok(family, `${alert} asks for ${metric}, which is not exported`);
        for (const [label, value] of equal) {
          if (OF_THE_TARGET.has(label)) continue;
          assert.ok(
            family.samples.some(({ labels }) => labels[label] === value),
            `${alert}: ${metric} has no ${label}="${value}"`,
          );
        }
      }
    }
  } finally {
    await app.dispose();
  }
});
