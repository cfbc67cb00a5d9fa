import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import type { Cache } from "../../server/cache/cache.ts";
import { until } from "../support/until.ts";

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

    it("takes, gives and deletes several at once, in their order", async () => {
      const cache = make();
      const [one, other, none] = [newKey(), newKey(), newKey()];
      await cache.setMany([
        { key: one, value: "1", ttlSeconds: 60 },
        { key: other, value: "2", ttlSeconds: 60 },
      ]);
      assert.deepEqual(await cache.getMany([other, none, one]), ["2", null, "1"]);
      await cache.delete(one, none, other);
      assert.deepEqual(await cache.getMany([one, other]), [null, null]);
      await Promise.all([cache.setMany([]), cache.delete()]);
      assert.deepEqual(await cache.getMany([]), []);
    });

    it("finds and clears what a pattern means, and nothing else", async () => {
      const cache = make();
      const space = newKey();
      const keys = ["a1", "a2", "b1", "a[1]", "a\\1", "A1", "xa1"].map((name) => `${space}:${name}`);
      await cache.setMany(keys.map((key) => ({ key, value: "", ttlSeconds: 60 })));
      const found = async (pattern: string) =>
        (await cache.keys(`${space}:${pattern}`))!.map((key) => key.slice(space.length + 1)).sort();
      assert.deepEqual(await found("a?"), ["a1", "a2"]);
      assert.deepEqual(await found("a[1]"), ["a[1]"]);
      assert.deepEqual(await found("a\\?"), ["a\\1"]);
      assert.deepEqual(await found("*1"), ["A1", "a1", "a\\1", "b1", "xa1"].sort());
      assert.equal(await cache.clear(`${space}:a?`), 2);
      assert.equal(await cache.clear(`${space}:a?`), 0);
      assert.deepEqual(await found("*"), ["A1", "a[1]", "a\\1", "b1", "xa1"].sort());
      const many = Array.from({ length: 3000 }, (_, index) => `${space}:many:${index}`);
      await cache.setMany(many.map((key) => ({ key, value: "", ttlSeconds: 60 })));
      assert.equal(await cache.clear(`${space}:many:*`), many.length);
      assert.deepEqual(await found("many:*"), []);
    });

    it("forgets an entry after its time, each after its own", async () => {
      const cache = make();
      const [short, long, renewed] = [newKey(), newKey(), newKey()];
      await cache.set(short, "1", 1);
      await cache.set(long, "2", 600);
      await cache.set(renewed, "3", 1);
      await cache.set(renewed, "4", 600);
      await until("the short one is forgotten", async () => (await cache.get(short)) === null);
      assert.deepEqual([await cache.get(long), await cache.get(renewed)], ["2", "4"]);
    });
  });
}
