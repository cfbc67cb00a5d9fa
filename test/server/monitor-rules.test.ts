import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { type MonitoredService, SERVICE_FIGURES } from "../../server/contract/monitor.ts";
import { alertText } from "../../server/services/monitor/alert-texts.ts";
import { createErrorWindow, errorPercent } from "../../server/services/monitor/error-rate.ts";
import { bucketSecondsOf } from "../../server/services/monitor/history.ts";
import { createJudge } from "../../server/services/monitor/judge.ts";
import { type Look, RULES } from "../../server/services/monitor/rules.ts";
import { lookWith, THRESHOLDS } from "../support/monitor/scripted-monitor.ts";

/** What each look of a row opens (+) and closes (-), by the rules and with one memory of what is open. */
function play(looks: Look[], thresholds = THRESHOLDS): string[] {
  const judge = createJudge(RULES, thresholds);
  const open = new Set<string>();
  return looks.map((look) => {
    const { opened, resolved } = judge(look, open);
    for (const { rule } of opened) open.add(rule.key);
    for (const key of resolved) open.delete(key);
    return [...opened.map(({ rule }) => `+${rule.key}`), ...resolved.map((key) => `-${key}`)].join(" ");
  });
}

const figure = (service: MonitoredService, name: string) => (value: number) =>
  lookWith({ [service]: { figures: { [name]: value } } });
const slowly = (responseMs: number) => lookWith({ database: { responseMs } });
const disk = figure("host", "diskPercent");
const balance = figure("provider", "balanceRoubles");
const WELL = lookWith();
const DOWN = lookWith({ storage: { status: "unhealthy" } });

describe("rules of alerts", () => {
  const rows: [string, Look[], string[]][] = [
    ["one bad look opens nothing", [DOWN, WELL, WELL], ["", "", ""]],
    [
      "two open, three good ones in a row close",
      [DOWN, DOWN, DOWN, WELL, WELL, DOWN, WELL, WELL, WELL],
      ["", "+storage.failing", "", "", "", "", "", "", "-storage.failing"],
    ],
    [
      "a part that comes and goes is one alert",
      [DOWN, DOWN, WELL, DOWN, WELL, WELL, DOWN, DOWN, WELL, WELL],
      ["", "+storage.failing", "", "", "", "", "", "", "", ""],
    ],
    [
      "a part that is off raises nothing",
      Array(3).fill(lookWith({ cache: { status: "off" } })),
      ["", "", ""],
    ],
    ["slow opens above the threshold", [1000, 1000, 1001, 1001].map(slowly), ["", "", "", "+database.slow"]],
    [
      "and closes only well below it",
      [1500, 1500, 999, 999, 999, 999, 800, 800, 800].map(slowly),
      ["", "+database.slow", "", "", "", "", "", "", "-database.slow"],
    ],
    [
      "a value about the threshold is one alert",
      [91, 91, 89, 91, 89.9, 91, 89, 89, 89, 87, 87, 87].map(disk),
      ["", "+host.disk", "", "", "", "", "", "", "", "", "", "-host.disk"],
    ],
    [
      "money is bad below the threshold",
      [99, 99, 105, 105, 105, 120, 120, 120].map(balance),
      ["", "+provider.balance", "", "", "", "", "", "-provider.balance"],
    ],
    [
      "a figure that could not be read neither opens nor closes",
      [disk(95), WELL, disk(95), disk(95), WELL, WELL, WELL, WELL],
      ["", "", "", "+host.disk", "", "", "", ""],
    ],
    [
      "a part that fails is not called slow as well",
      Array(2).fill(lookWith({ queue: { status: "unhealthy", responseMs: 5000 } })),
      ["", "+queue.failing"],
    ],
    [
      "what only the database knows is not raised beside it",
      Array(2).fill(
        lookWith({
          database: { status: "unhealthy" },
          queue: { status: "unhealthy" },
          provider: { status: "unhealthy" },
        }),
      ),
      ["", "+database.failing"],
    ],
    [
      "a degraded provider and a Redis that is away are told",
      Array(2).fill(lookWith({ provider: { status: "degraded" }, cache: { status: "degraded" } })),
      ["", "+provider.failing +cache.failing"],
    ],
    [
      "a provider that is taken out of the settings closes its alerts",
      [balance(1), balance(1), ...Array(3).fill(lookWith({ provider: { status: "off" } }))],
      ["", "+provider.balance", "", "", "-provider.balance"],
    ],
  ];
  for (const [name, looks, changes] of rows) {
    it(name, () => assert.deepEqual(play(looks), changes));
  }

  it("a bound that is turned off raises nothing and closes what was raised", () => {
    const without = { ...THRESHOLDS, balanceRoubles: null };
    assert.deepEqual(play([balance(0), balance(0), balance(0)], without), ["", "", ""]);
    const judge = createJudge(RULES, without);
    const open = new Set(["provider.balance", "of.another-version"]);
    assert.deepEqual(judge(balance(0), open).resolved, ["of.another-version"]);
    assert.deepEqual(judge(balance(0), open).resolved, ["of.another-version"]);
    assert.deepEqual(judge(balance(0), open).resolved, ["provider.balance", "of.another-version"]);
  });

  it("every rule can open by what is measured, has words in both languages and a name of its own", () => {
    assert.equal(new Set(RULES.map(({ key }) => key)).size, RULES.length);
    for (const { key, service, read, threshold } of RULES) {
      for (const text of Object.values(alertText(key))) {
        assert.ok(text.en !== key && text.ru !== key && text.en && text.ru, key);
        assert.match(text.ru, /[а-я]/i, key);
      }
      assert.notEqual(threshold(THRESHOLDS), null, key);
      const figures = Object.fromEntries(SERVICE_FIGURES[service].map((name) => [name, 7]));
      const seen = lookWith({ [service]: { figures, responseMs: 7, status: "degraded" } })[service];
      assert.notEqual(read(seen), null, key);
    }
  });
});

it("the documentation names every alert and no other", async () => {
  const text = await readFile(new URL("../../docs/monitoring.md", import.meta.url), "utf8");
  const table = text.split("\n").filter((line) => /^\| `\w+\./.test(line));
  const named = table.flatMap((line) =>
    [...line.split(" | ")[0].matchAll(/`([\w.-]+)`/g)].map(([, key]) => key),
  );
  assert.deepEqual(named.toSorted(), RULES.map(({ key }) => key).toSorted());
});

describe("error rate", () => {
  it("needs enough to be one", () => {
    assert.equal(errorPercent({ all: 0, failed: 0 }), 0);
    assert.equal(errorPercent({ all: 19, failed: 19 }), 0);
    assert.equal(errorPercent({ all: 20, failed: 2 }), 0);
    assert.equal(errorPercent({ all: 20, failed: 3 }), 15);
  });

  it("counts the last five minutes only, from when it began to look", () => {
    let minutes = 0;
    const window = createErrorWindow(() => minutes * 60_000);
    const at = (minute: number, all: number, failed: number) => {
      minutes = minute;
      return window.percent({ all, failed });
    };
    assert.equal(at(0, 1000, 900), 0);
    assert.equal(at(1, 1100, 910), 10);
    assert.equal(at(5, 1200, 910), 5);
    assert.equal(at(6, 1300, 910), 0);
    assert.equal(at(60, 1400, 1010), 100);
  });
});

it("a chart has few enough points, and none between two looks is empty", () => {
  for (const hours of [1, 2, 6, 24, 48, 168, 720, 8760, 87_600]) {
    const seconds = bucketSecondsOf(hours, 30);
    assert.ok((hours * 3600) / seconds <= 288, `${hours}`);
    assert.ok(seconds >= 30, `${hours}`);
  }
  assert.equal(bucketSecondsOf(1, 3600), 3600);
  assert.equal(bucketSecondsOf(24, null), 300);
});
