import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { createReadiness } from "../../server/services/system/readiness.ts";

describe("readiness", () => {
  let seconds: number;
  let broken: Set<string>;
  let asked: number;
  let readiness: ReturnType<typeof createReadiness>;
  const check = (name: string) => async () => {
    asked += 1;
    if (broken.has(name)) throw new Error("away");
  };
  const askAt = async (second: number) => {
    seconds = second;
    return readiness();
  };
  const isReadyAt = async (second: number) => (await askAt(second)).isReady;
  beforeEach(() => {
    seconds = 0;
    asked = 0;
    broken = new Set();
    const checks = { database: check("database"), storage: check("storage") };
    readiness = createReadiness(checks, () => seconds * 1000);
  });

  it("bears a part that fails for ten seconds, and says which it is", async () => {
    assert.ok(await isReadyAt(0));
    broken.add("database");
    assert.deepEqual(await askAt(5), { isReady: true, parts: { database: false, storage: true } });
    assert.ok(await isReadyAt(14.9));
    assert.equal(await isReadyAt(16.5), false);
    assert.equal(await isReadyAt(600), false);
    broken.clear();
    assert.ok(await isReadyAt(602));
  });

  it("counts from the first failure after the last success", async () => {
    assert.ok(await isReadyAt(0));
    broken.add("storage");
    assert.ok(await isReadyAt(2));
    broken.clear();
    assert.ok(await isReadyAt(8));
    broken.add("storage");
    assert.ok(await isReadyAt(13));
    assert.ok(await isReadyAt(20));
    assert.equal(await isReadyAt(24), false);
  });

  it("counts each part by itself", async () => {
    assert.ok(await isReadyAt(0));
    broken.add("storage");
    assert.ok(await isReadyAt(2));
    broken.add("database");
    broken.delete("storage");
    assert.ok(await isReadyAt(9));
    assert.ok(await isReadyAt(15));
    assert.equal(await isReadyAt(20), false);
  });

  it("is told nothing by a failure of before the last success that comes late", async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    let isHeld = true;
    readiness = createReadiness(
      { database: () => (isHeld ? promise : check("database")()) },
      () => seconds * 1000,
    );
    const late = askAt(2);
    isHeld = false;
    assert.ok(await isReadyAt(4));
    reject(new Error("away"));
    assert.deepEqual(await late, { isReady: true, parts: { database: false } });
    broken.add("database");
    assert.ok(await isReadyAt(20), "it fails for the first time since");
  });

  it("doesn't bear what never was usable", async () => {
    broken.add("database");
    assert.equal(await isReadyAt(0), false);
    broken.clear();
    assert.ok(await isReadyAt(2));
  });

  it("asks the parts once a second at most, however often it is asked", async () => {
    await Promise.all([askAt(0), askAt(0.5), askAt(1)]);
    assert.equal(asked, 2);
    await askAt(1.5);
    assert.equal(asked, 4);
  });
});
