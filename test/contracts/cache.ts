import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cache } from "../../server/cache/cache.ts";

/** What every implementation of `Cache` must do. */
export function cacheContract(name: string, make: () => Cache) {
  const newKey = () => `test:${randomUUID()}`;

  describe(`cache contract: ${name}`, () => {
    it("gives back what it was given, by key", async () => {
      const cache = make();
      const [one, other] = [newKey(), newKey()];
      await Promise.all([cache.set(one, "1", 60), cache.set(other, "2", 60)]);
      assert.deepEqual(await Promise.all([cache.get(one), cache.get(other)]), ["1", "2"]);
      assert.equal(await cache.get(newKey()), null);
    });

    it("puts a new value in place of the former", async () => {
      const cache = make();
      const key = newKey();
      await cache.set(key, "before", 60);
      await cache.set(key, "after", 60);
      assert.equal(await cache.get(key), "after");
    });

    it("keeps any text as it is", async () => {
      const cache = make();
      for (const text of [
        "",
        " ",
        "a\r\nb\0",
        "Ünïcödé 图 \u{1f98a}",
        "*1\r\n$4\r\nPING\r\n",
        "x".repeat(300_000),
      ]) {
        const key = newKey();
        await cache.set(key, text, 60);
        assert.equal(await cache.get(key), text);
      }
    });

    it("deletes, and has nothing against deleting nothing", async () => {
      const cache = make();
      const [gone, stays] = [newKey(), newKey()];
      await cache.set(gone, "1", 60);
      await cache.set(stays, "2", 60);
      await cache.delete(gone);
      await cache.delete(newKey());
      assert.deepEqual([await cache.get(gone), await cache.get(stays)], [null, "2"]);
    });

    it("forgets an entry after its time, each after its own", async () => {
      const cache = make();
      const [short, long, renewed] = [newKey(), newKey(), newKey()];
      await cache.set(short, "1", 1);
      await cache.set(long, "2", 600);
      await cache.set(renewed, "3", 1);
      await cache.set(renewed, "4", 600);
      while ((await cache.get(short)) !== null) await sleep(20);
      assert.deepEqual([await cache.get(long), await cache.get(renewed)], ["2", "4"]);
    });
  });
}
