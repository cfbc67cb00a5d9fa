import assert from "node:assert/strict";

export interface MetricFamily {
  type: "counter" | "gauge" | "histogram" | "summary";
  help: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? ([Nn]a[Nn]|[+-]Inf|[+-]?[0-9.]+(?:e[+-]?[0-9]+)?)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;
const SUFFIXES = { histogram: ["_bucket", "_sum", "_count"], summary: ["", "_sum", "_count"] };

/**
 * Reads Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats) and fails for whatever
 * that page does not allow: a sample before its HELP and TYPE, a family in two places, a series twice, a counter
 * below 0, a histogram whose buckets fall or don't end in +Inf with its count.
 */
export function parsePrometheusText(text: string): Map<string, MetricFamily> {
  assert.ok(text.endsWith("\n"), "the last line must end with a line feed");
  const families = new Map<string, MetricFamily>();
  const seen = new Set<string>();
  let current = "";
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const help = line.match(new RegExp(`^# HELP (${NAME}) (.+)$`));
    const type = line.match(new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary)$`));
    if (help) {
      assert.ok(!families.has(help[1]), `${help[1]} is described twice`);
      families.set(help[1], { type: "gauge", help: help[2], samples: [] });
      current = "";
    } else if (type) {
      assert.ok(
        families.get(type[1])?.samples.length === 0,
        `TYPE of ${type[1]} is not right after its HELP`,
      );
      families.get(type[1])!.type = type[2] as MetricFamily["type"];
      current = type[1];
    } else {
      readSample(line, current, families, seen);
    }
  }
  for (const [name, family] of families) if (family.type === "histogram") checkBuckets(name, family);
  return families;
}

function readSample(line: string, current: string, families: Map<string, MetricFamily>, seen: Set<string>) {
  const match = line.match(SAMPLE);
  assert.ok(match, `not a sample: ${line}`);
  const [, name, labelText = "", number] = match;
  const family = families.get(current);
  assert.ok(family, `a sample outside of a family: ${line}`);
  const suffixes = family.type === "histogram" || family.type === "summary" ? SUFFIXES[family.type] : [""];
  assert.ok(
    suffixes.some((suffix) => name === current + suffix),
    `${name} is not of ${current}`,
  );
  const labels = readLabels(labelText, line);
  const series = JSON.stringify([name, Object.entries(labels).sort()]);
  assert.ok(!seen.has(series), `twice: ${line}`);
  seen.add(series);
  const value = Number(number.replace("Inf", "Infinity"));
  if (family.type === "counter") assert.ok(value >= 0, `a counter below 0: ${line}`);
  family.samples.push({ name, labels, value });
}

function readLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  let end = 0;
  while (end < text.length) {
    const match = LABEL.exec(text);
    assert.ok(match && !(match[1] in labels), `labels: ${line}`);
    labels[match[1]] = match[2].replace(/\\(.)/g, (_, letter) => (letter === "n" ? "\n" : letter));
    end = LABEL.lastIndex;
  }
  return labels;
}

function checkBuckets(name: string, { samples }: MetricFamily): void {
  const withoutBound = ({ le: _, ...labels }: Record<string, string>) =>
    JSON.stringify(Object.entries(labels).sort());
  for (const count of samples.filter((sample) => sample.name === `${name}_count`)) {
    const buckets = samples.filter(
      (sample) =>
        sample.name === `${name}_bucket` && withoutBound(sample.labels) === withoutBound(count.labels),
    );
    const values = buckets.map(({ value }) => value);
    assert.deepEqual(
      values,
      values.toSorted((a, b) => a - b),
      `buckets of ${name} fall`,
    );
    assert.equal(buckets.at(-1)?.labels.le, "+Inf", `${name} has no last bucket`);
    assert.equal(buckets.at(-1)?.value, count.value, `${name}: the last bucket is not the count`);
  }
}

/** The value of the one series that has these labels (others may be there too), undefined where there is none. */
export function seriesValue(
  families: Map<string, MetricFamily>,
  name: string,
  labels: Record<string, string> = {},
): number | undefined {
  const family = families.get(name) ?? families.get(name.replace(/_(count|sum|bucket)$/, ""));
  assert.ok(family, `${name} is not exported`);
  const found = family.samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  assert.ok(found.length <= 1, `${name} has ${found.length} such series`);
  return found[0]?.value;
}
