import assert from "node:assert/strict";
import { beforeEach, describe, it, type TestContext } from "node:test";
import { lastMark } from "../../web/src/session/renewal-mark.ts";
import { readNote, writeNote } from "../../web/src/session/session-note.ts";

// The language, which goes with every request, is written into the document as its module loads.
Object.assign(globalThis, { document: { documentElement: { dataset: {} } } });
const { renew } = await import("../../web/src/session/renew.ts");

/** A server that renews every sign-in. */
const renewingServer = ({ mock }: TestContext) =>
  mock.method(globalThis, "fetch", async () => new Response("{}"));

/** The browser's lock manager refuses every lock whose name says so, as where the page's storage is taken away. */
function refuseLocks({ mock }: TestContext, isRefused: (name: string) => boolean): void {
  const { locks } = navigator;
  const request = locks.request.bind(locks) as (name: string, ...rest: unknown[]) => Promise<unknown>;
  mock.method(locks, "request", (name: string, ...rest: unknown[]) =>
    isRefused(name) ? Promise.reject(new DOMException("No locks.", "SecurityError")) : request(name, ...rest),
  );
}

describe("a renewal of the sign-in", () => {
  beforeEach(() => writeNote({ userId: "ada", renewedAt: 0 }));

  it("is noted and marked with one and the same time, which calls for the next one", async (t) => {
    // A mark is held by a timer: it ends with the mock.
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const server = renewingServer(t);
    let now = 1_000;
    t.mock.method(Date, "now", () => now++);
    assert.equal(await renew(0), "renewed");
    const noted = readNote()!.renewedAt;
    assert.deepEqual([noted > 0, await lastMark()], [true, noted]);
    assert.equal(await renew(noted - 1), "renewed");
    assert.equal(server.mock.callCount(), 1, "renewed since then");
    assert.equal(await renew(noted), "renewed");
    assert.equal(server.mock.callCount(), 2, "not renewed since then");
    t.mock.timers.tick(60_000);
  });

  const later = Date.now() + 60_000;

  it("ends where it cannot be marked, and so does the next one", async (t) => {
    refuseLocks(t, (name) => name.includes("renewed/"));
    const server = renewingServer(t);
    assert.deepEqual([await renew(later), await renew(later)], ["renewed", "renewed"]);
    assert.equal(server.mock.callCount(), 2);
  });

  it("goes on where the marks of other tabs cannot be read", async (t) => {
    refuseLocks(t, (name) => name.includes("renewed/"));
    t.mock.method(navigator.locks, "query", () => Promise.reject(new DOMException("", "SecurityError")));
    renewingServer(t);
    assert.equal(await renew(later), "renewed");
  });

  it("goes on where no lock is given at all", async (t) => {
    refuseLocks(t, () => true);
    const server = renewingServer(t);
    assert.equal(await renew(later), "renewed");
    assert.equal(server.mock.callCount(), 1);
  });
});
