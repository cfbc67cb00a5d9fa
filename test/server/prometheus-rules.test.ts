import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { parser } from "@prometheus-io/lezer-promql";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { startTestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { findPromtool } from "../support/find-promtool.ts";
import { type MetricFamily, parsePrometheusText } from "../support/prometheus-text.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../deploy/prometheus");
const readJson = (name: string): unknown => JSON.parse(fs.readFileSync(path.join(FOLDER, name), "utf8"));
const readYaml = (name: string): unknown => parseYaml(fs.readFileSync(path.join(FOLDER, name), "utf8"));

/** The variable that whoever looks chooses. */
const DATASOURCE = ["$", "{datasource}"].join("");

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

const Dashboard = z.object({
  uid: z.literal("photo-to-3d"),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string() })) }),
  panels: z.array(
    z.object({
      id: z.number(),
      type: z.enum(["row", "timeseries", "stat"]),
      title: z.string(),
      targets: z
        .array(
          z.object({
            expr: z.string(),
            legendFormat: z.string(),
            datasource: z.object({ uid: z.literal(DATASOURCE) }),
          }),
        )
        .optional(),
    }),
  ),
});

const rules = Rules.parse(readYaml("photo-to-3d.rules.yml")).groups.flatMap((group) => group.rules);

/** Metrics that Prometheus makes itself. */
const OF_PROMETHEUS = new Set(["up"]);
/** Labels that Prometheus puts on everything that it scrapes. */
const OF_THE_TARGET = new Set(["job", "instance"]);
/** What is there only after something rare has happened, and so has no labels to look at yet. */
const RARE = new Set(["photo_to_3d_generations_failed", "photo_to_3d_provider_paused"]);

interface Selector {
  metric: string;
  /** Label → values that it must have: of equality, and of choices between plain words. */
  values: [label: string, value: string][];
}

interface Reading {
  selectors: Selector[];
  /** Every label that is named anywhere. */
  labels: Set<string>;
}

/** What an expression asks for; fails where it is not PromQL. */
function readExpression(expression: string): Reading {
  const selectors: Selector[] = [];
  const labels = new Set<string>();
  parser.parse(expression).iterate({
    enter(node) {
      const text = expression.slice(node.from, node.to);
      assert.ok(!node.type.isError, `no PromQL near "${text || expression.slice(node.from - 20)}"`);
      if (node.name === "LabelName") labels.add(text);
      if (node.name !== "VectorSelector") return;
      const metric = text.match(/^\w+/)![0];
      const values = [...text.matchAll(/(\w+)=(~?)"([^"]*)"/g)].flatMap(([, label, isChoice, value]) => {
        labels.add(label);
        if (!isChoice) return [[label, value] as Selector["values"][number]];
        return value
          .split("|")
          .flatMap((one) => (/^[\w-]+$/.test(one) ? [[label, one] as [string, string]] : []));
      });
      selectors.push({ metric, values });
    },
  });
  return { selectors, labels };
}

const familyOf = (families: Map<string, MetricFamily>, metric: string) =>
  families.get(metric) ?? families.get(metric.replace(/_(bucket|sum|count)$/, ""));

/** Everything that `where` asks for must be in a real scrape: metrics, values of labels, labels. */
function assertExported(families: Map<string, MetricFamily>, where: string, expression: string): void {
  const { selectors, labels } = readExpression(expression);
  assert.ok(selectors.length > 0, where);
  const known = new Set(OF_THE_TARGET);
  let isRare = false;
  for (const { metric, values } of selectors) {
    if (OF_PROMETHEUS.has(metric)) continue;
    const family = familyOf(families, metric);
    assert.ok(family, `${where} asks for ${metric}, which is not exported`);
    isRare ||= RARE.has(metric);
    for (const sample of family.samples) for (const label of Object.keys(sample.labels)) known.add(label);
    for (const [label, value] of values) {
      if (OF_THE_TARGET.has(label)) continue;
      const isThere = family.samples.some((sample) => sample.labels[label] === value);
      assert.ok(isThere, `${where}: ${metric} has no ${label}="${value}"`);
    }
  }
  if (!isRare)
    for (const label of labels) assert.ok(known.has(label), `${where}: there is no label ${label}`);
}

/** Real figures of a server that has made a model. */
async function scrapeAll(): Promise<string> {
  await using fake = await startFakeGenapi();
  const env = { GENAPI_DAILY_ROUBLES: "1000", GENAPI_DAILY_GENERATIONS: "100" };
  const app = await startTestApp({ fake, env });
  try {
    const posted = await postPhoto(app, photoForm(await readPhoto("sofa.jpg"), { provider: "genapi" }));
    const { id } = (await posted.json()) as { id: string };
    await waitForGeneration(app, id);
    const [{ metrics_path }] = Scrape.parse(readYaml("prometheus.yml")).scrape_configs;
    const scrape = async () => (await app.request(metrics_path)).text();
    // The balance is asked for beside the first scrape.
    for (
      let tries = 0;
      tries < 3000 && !/^photo_to_3d_provider_balance_roubles\{/m.test(await scrape());
      tries++
    )
      await sleep(100);
    return await scrape();
  } finally {
    await app.dispose();
  }
}

let text: string;
let families: Map<string, MetricFamily>;
before(async () => {
  text = await scrapeAll();
  families = parsePrometheusText(text);
});

test("the parser of the rules refuses what is no PromQL", () => {
  const { selectors, labels } = readExpression('sum by (d) (rate(a_total{b="c",e=~"f|g.",h!="i"}[5m])) > 1');
  const values = [
    ["b", "c"],
    ["e", "f"],
  ] as [string, string][];
  assert.deepEqual(selectors, [{ metric: "a_total", values }]);
  assert.deepEqual([...labels].sort(), ["b", "d", "e", "h"]);
  assert.throws(() => readExpression("sum(rate(a_total[5m]) > 1"), /no PromQL/);
});

test("a metric, a label or its value that is not exported is noticed", () => {
  assert.throws(() => assertExported(families, "x", "photo_to_3d_nothing"), /not exported/);
  assert.throws(() => assertExported(families, "x", "sum by (rout) (http_requests_total)"), /no label rout/);
  assert.throws(() => assertExported(families, "x", 'photo_to_3d_cache_state{state="lost"}'), /state="lost"/);
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

test("rules and scrape configuration ask only for what is exported", () => {
  const scrape = Scrape.parse(readYaml("prometheus.yml"));
  for (const file of scrape.rule_files) assert.ok(fs.existsSync(path.join(FOLDER, file)), file);
  for (const { alert, expr } of rules) assertExported(families, alert, expr);
});

test("the dashboard asks only for what is exported, and can be imported anywhere", () => {
  const { panels, templating } = Dashboard.parse(readJson("../grafana/dashboard.json"));
  assert.deepEqual(
    templating.list.map(({ name, type }) => [name, type]),
    [["datasource", "datasource"]],
  );
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  const asked = panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));
  assert.ok(asked.length > 40);
  for (const { title, expr, legendFormat } of asked) {
    const expression = expr.replaceAll("$__rate_interval", "5m");
    assertExported(families, title, expression);
    const { labels } = readExpression(expression);
    const legend = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
    const isGrouped = / by \(/.test(expression);
    for (const label of isGrouped ? legend : [])
      assert.ok(labels.has(label), `${title}: ${label} is not kept`);
  }
  const section = panels.filter(({ type }) => type === "row").map(({ title }) => title);
  assert.deepEqual(section.slice(1, 4), ["Requests", "Generations", "Provider"]);
});

test("tiles of the dashboard are red where nothing answers, and show none where no request has ever failed", () => {
  const Tile = z.looseObject({
    title: z.string(),
    targets: z.array(z.looseObject({ expr: z.string() })),
    fieldConfig: z.looseObject({
      defaults: z.looseObject({
        thresholds: z.looseObject({
          steps: z.array(z.object({ color: z.string(), value: z.number().nullable() })),
        }),
      }),
    }),
  });
  const { panels } = z
    .looseObject({ panels: z.array(z.unknown()) })
    .parse(readJson("../grafana/dashboard.json"));
  const tiles = panels.flatMap((panel) => Tile.safeParse(panel).data ?? []);
  const tileOf = (title: string) => tiles.find((tile) => tile.title === title)!;
  for (const title of ["Replicas that answer", "Database"]) {
    const steps = [
      { color: "red", value: null },
      { color: "green", value: 1 },
    ];
    assert.deepEqual(tileOf(title).fieldConfig.defaults.thresholds.steps, steps, title);
  }
  // There is no series of a status that was never answered, and nothing divided by something is nothing.
  assert.match(tileOf("Requests that fail").targets[0].expr, /^\(sum\(.*5\.\..*\) or vector\(0\)\) \/ /);
});

test("Grafana's provisioning files are YAML of their kind", () => {
  const Provisioned = z.looseObject({ apiVersion: z.literal(1) });
  for (const kind of ["dashboards", "datasources"]) {
    Provisioned.parse(readYaml(`../grafana/provisioning/${kind}/photo-to-3d.yml`));
  }
});

test("Prometheus' own checker finds nothing wrong with figures and rules", async (t) => {
  const promtool = await findPromtool();
  if (!promtool) return t.diagnostic("Left to the parsers of the other tests: there is no promtool here");
  t.diagnostic(`promtool ${promtool.version}`);
  const check = (args: string[], input = "") => {
    const { status, stdout, stderr } = spawnSync(promtool.command, ["check", ...args], {
      input,
      encoding: "utf8",
    });
    return { status, said: stdout + stderr };
  };
  assert.deepEqual(check(["metrics"], text), { status: 0, said: "" });
  const checked = check(["rules", path.join(FOLDER, "photo-to-3d.rules.yml")]);
  assert.equal(checked.status, 0, checked.said);
  assert.notEqual(check(["metrics"], "# TYPE a_total gauge\na_total 1\n").status, 0);
});
