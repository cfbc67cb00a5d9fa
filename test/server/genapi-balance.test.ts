import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { AppError } from "../../server/errors.ts";
import { BEHAVIOURS } from "../support/fake-genapi/behaviours.ts";
import { json, type Step } from "../support/fake-genapi/steps.ts";
import { startGenapi } from "../support/genapi-harness.ts";

const soon = () => AbortSignal.timeout(60_000);

async function withGenapi(run: (harness: Awaited<ReturnType<typeof startGenapi>>) => Promise<void>) {
  const harness = await startGenapi();
  try {
    await run(harness);
  } finally {
    await harness.dispose();
  }
}

describe("the balance", () => {
  it("is read from a text and kept for a while", () =>
    withGenapi(async ({ provider, fake, warnings }) => {
      assert.equal(await provider.balance(soon()), 1234.5);
      assert.equal(await provider.balance(soon()), 1234.5);
      assert.equal(fake.requests.filter(({ path }) => path === "/api/v1/user").length, 1);
      assert.deepEqual(warnings, []);
    }));

  it("may be a number, or missing", () =>
    withGenapi(async ({ provider, fake }) => {
      fake.script({ user: json(200, { balance: 12 }) });
      assert.equal(await provider.balance(soon()), 12);
    }).then(() =>
      withGenapi(async ({ provider, fake }) => {
        fake.script({ user: json(200, { name: "Иван" }) });
        assert.equal(await provider.balance(soon()), null);
      }),
    ));

  it("throws a known error without the key when the key is refused", () =>
    withGenapi(async ({ provider, fake }) => {
      fake.script("unauthorized");
      await assert.rejects(provider.balance(soon()), (error) => {
        assert.ok(error instanceof AppError && error.code === "provider-unauthorized");
        assert.ok(!inspect(error, { depth: 9 }).includes(fake.key));
        return true;
      });
    }));

  it("throws the reason of an abort and does not keep that", () =>
    withGenapi(async ({ provider, fake }) => {
      fake.script({ ...BEHAVIOURS.ok, user: () => {} });
      const controller = new AbortController();
      const asking = provider.balance(controller.signal);
      controller.abort(new Error("stop"));
      await assert.rejects(asking, /^Error: stop$/);
      fake.script("ok");
      assert.equal(await provider.balance(soon()), 1234.5);
    }));

  it("that was asked for before money moved is kept for nobody", () =>
    withGenapi(async ({ provider, fake, submit }) => {
      const asked = Promise.withResolvers<void>();
      const moved = Promise.withResolvers<void>();
      const early: Step = async (call) => {
        asked.resolve();
        await moved.promise;
        await json(200, { balance: 100 })(call);
      };
      fake.script({ ...BEHAVIOURS.ok, user: early });
      const before = provider.balance(soon());
      await asked.promise;
      fake.script({ ...BEHAVIOURS.ok, user: json(200, { balance: 83 }) });
      assert.equal((await submit()).kind, "accepted");
      assert.equal(await provider.balance(soon()), 83, "it waits for no older answer");
      moved.resolve();
      assert.equal(await before, 100);
      assert.equal(await provider.balance(soon()), 83);
    }));
});
