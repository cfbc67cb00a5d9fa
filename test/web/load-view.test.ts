import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadView } from "../../web/src/load-view.ts";

const failure = new TypeError("Failed to fetch dynamically imported module");

/** A browser that is without a network until it is waited for. */
function offlineBrowser() {
  const seen = { online: false, reloads: 0 };
  const around = {
    isOnline: () => seen.online,
    whenOnline: async () => {
      seen.online = true;
    },
    reload: () => {
      seen.reloads++;
    },
  };
  return { seen, around };
}

describe("loading a view's code", () => {
  it("waits for the network and tries again when there is none", async () => {
    const { seen, around } = offlineBrowser();
    const load = async () => {
      if (!seen.online) throw failure;
      return "the view";
    };
    assert.equal(await loadView(load, around), "the view");
    assert.equal(seen.reloads, 0);
  });

  it("asks for a fresh page where the browser remembers the failure", async () => {
    const { seen, around } = offlineBrowser();
    await assert.rejects(
      loadView(() => Promise.reject(failure), around),
      failure,
    );
    assert.equal(seen.reloads, 1);
  });

  it("passes the failure on when there is a network: the file itself is gone", async () => {
    const { seen, around } = offlineBrowser();
    seen.online = true;
    await assert.rejects(
      loadView(() => Promise.reject(failure), around),
      failure,
    );
    assert.equal(seen.reloads, 0);
  });
});
