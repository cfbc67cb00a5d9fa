import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Generation } from "../../server/contract/generation.ts";
import { photoForm, readPhoto } from "../support/client.ts";
import { holdGenerator } from "../support/generator-process.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";

/** The real process with its own embedded database and the local generator: killed, stopped, started again. */
describe("restarts", () => {
  let folder: string;
  let server: ServerProcess | undefined;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-restart-"));
    server = await startServer(folder);
  });
  after(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const read = async (id: string) =>
    (await (await fetch(`${server!.url}/api/v1/generations/${id}`)).json()) as Generation;
  const waitFor = async (id: string, until: (generation: Generation) => boolean) => {
    let last: Generation | undefined;
    for (let tries = 0; tries < 3000; tries++) {
      last = await read(id);
      if (until(last)) return last;
      await sleep(100);
    }
    throw new Error(`The generation did not get there: ${JSON.stringify(last)}`);
  };
  const create = async (name: string) => {
    const body = photoForm(await readPhoto("sofa.jpg"), { name, preset: "high" });
    const response = await fetch(`${server!.url}/api/v1/generations`, { method: "POST", body });
    assert.equal(response.status, 202);
    return ((await response.json()) as Generation).id;
  };
  const isRunning = ({ status, progress }: Generation) => status === "processing" && (progress ?? 0) > 0;

  it("gives running work back at SIGTERM and finishes it after the next start", async () => {
    const held = holdGenerator(server!.pid);
    const id = await create("Stopped");
    // In steps, and at rest in between: it cannot end before the server is asked to.
    const generator = await held;
    while (!isRunning(await read(id))) {
      process.kill(generator, "SIGCONT");
      await sleep(50);
      process.kill(generator, "SIGSTOP");
    }
    await server!.stop();
    server = await startServer(folder);
    const done = await waitFor(id, ({ finishedAt }) => finishedAt !== null);
    assert.equal(done.status, "succeeded");
    assert.equal(done.attempts, 2);
  });

  it("takes up work after kill -9, and everything that was finished is still there", async () => {
    const id = await create("Killed");
    await waitFor(id, isRunning);
    process.kill(server!.pid, "SIGKILL");
    server = await startServer(folder);
    const done = await waitFor(id, ({ finishedAt }) => finishedAt !== null);
    assert.equal(done.status, "succeeded");
    const models = (await (await fetch(`${server.url}/api/v1/models`)).json()) as {
      items: { name: string; files: { glb: { url: string } } }[];
    };
    assert.deepEqual(
      models.items.map(({ name }) => name),
      ["Killed", "Stopped"],
    );
    for (const { files } of models.items) {
      const glb: Buffer = Buffer.from(await (await fetch(server.url + files.glb.url)).arrayBuffer());
      assert.equal(glb.subarray(0, 4).toString(), "glTF");
    }
  });
});
