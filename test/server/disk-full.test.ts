import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import sharp from "sharp";
import type { Generation } from "../../server/contract/generation.ts";
import type { Problem } from "../../server/contract/problem.ts";
import { photoForm, readPhoto } from "../support/client.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { box, GlbBuilder } from "../support/make-glb.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import { limitFiles, mountSmallDisk, type SmallDisk } from "../support/small-disk.ts";
import { filesBelow } from "../support/stored-files.ts";

const MEGABYTE = 1_000_000;

/** Some 3 MB, for its texture is noise. */
async function largeGlb(): Promise<Buffer> {
  const builder = new GlbBuilder();
  const create = { width: 1024, height: 1024, channels: 3 as const };
  const noise = { type: "gaussian" as const, mean: 128, sigma: 60 };
  const image = await sharp({ create: { ...create, background: "#000", noise } })
    .png()
    .toBuffer();
  builder.add(box([1, 0.8, 0.6]), builder.textured(image));
  return builder.build();
}

async function keptFiles(folder: string): Promise<string[]> {
  const files = (await filesBelow(folder)).map((file) => path.relative(folder, file));
  return files.filter((file) => path.basename(file) !== "filler" && !path.basename(file).startsWith("."));
}

type Way = (parent: string, server: () => number) => Promise<SmallDisk | null>;
const WAYS: Record<string, Way> = {
  "a file system of 12 MB": (parent) => mountSmallDisk(parent, 12 * MEGABYTE),
  "a limit of file sizes": (parent, server) => limitFiles(parent, server),
};

for (const [name, makeDisk] of Object.entries(WAYS)) {
  describe(`no room for the files: ${name}`, () => {
    let root: string;
    let disk: SmallDisk | null;
    let database: TestDatabase;
    let fake: FakeGenapi;
    let server: ServerProcess;
    before(async () => {
      root = await mkdtemp(path.join(os.tmpdir(), "disk-full-"));
      disk = await makeDisk(root, () => server.pid);
      database = await createTestDatabase();
      fake = await startFakeGenapi({ glb: await largeGlb() });
      server = await startServer(root, {
        DATABASE_URL: database.url,
        UPLOAD_DIR: path.join(disk?.folder ?? root, "uploads"),
        DISK_RESERVE_BYTES: "0",
        GENAPI_API_KEY: fake.key,
        GENAPI_BASE_URL: `${fake.url}/api/v1`,
      });
    });
    after(async () => {
      await server?.stop();
      await fake?.dispose();
      await database?.dispose();
      await disk?.dispose();
      await rm(root, { recursive: true, force: true });
    });

    const uploads = () => path.join(disk!.folder, "uploads");
    const post = async (language = "en") =>
      fetch(`${server.url}/api/v1/generations`, {
        method: "POST",
        headers: { "accept-language": language },
        body: photoForm(await readPhoto("sofa.jpg")),
      });
    const read = async (id: string) =>
      (await (await fetch(`${server.url}/api/v1/generations/${id}`)).json()) as Generation;
    async function waitFor(id: string, until: (generation: Generation) => boolean): Promise<Generation> {
      let last = await read(id);
      for (let tries = 0; tries < 3000 && !until(last); tries++) {
        await sleep(100);
        last = await read(id);
      }
      assert.ok(until(last), JSON.stringify(last));
      return last;
    }

    it("answers an upload with 507 and a way out, and stores nothing of it", async (t) => {
      if (!disk) return t.diagnostic(`Left out: this machine gives no such disk (${name})`);
      const before = await keptFiles(uploads());
      await disk.fill(20_000);
      for (const [language, words] of [
        ["en", /Free some space/],
        ["ru", /[Оо]свободите/],
      ] as const) {
        const answer = await post(language);
        assert.equal(answer.status, 507);
        const problem = (await answer.json()) as Problem;
        assert.equal(problem.code, "disk-full");
        assert.match(problem.suggestion ?? "", words);
        assert.equal(problem.retryable, true);
      }
      assert.deepEqual(await keptFiles(uploads()), before);
      const { items } = (await (await fetch(`${server.url}/api/v1/generations`)).json()) as {
        items: unknown[];
      };
      assert.deepEqual(items, []);
      assert.equal(fake.creates().length, 0);
      assert.equal((await fetch(`${server.url}/health/live`)).status, 200);
    });

    it("waits with a paid result until there is room, and pays once", async (t) => {
      if (!disk) return t.diagnostic(`Left out: this machine gives no such disk (${name})`);
      await disk.fill(1.5 * MEGABYTE);
      fake.script("immediate");
      const answer = await post();
      assert.equal(answer.status, 202);
      const { id } = (await answer.json()) as Generation;
      const waiting = await waitFor(id, ({ pause }) => pause?.code === "disk-full");
      assert.equal(waiting.status, "finishing");
      assert.equal(waiting.error, null);
      assert.match(waiting.pause?.suggestion ?? "", /Free some space/);
      const tries = fake.requests.filter(({ host }) => host === "files").length;
      await waitFor(id, ({ status }) => {
        assert.notEqual(status, "failed");
        return fake.requests.filter(({ host }) => host === "files").length > tries;
      });
      const files = await keptFiles(uploads());
      assert.deepEqual(
        files.filter((file) => file.startsWith("models/")),
        [],
      );
      const served = await fetch(`${server.url}/api/v1/models`);
      assert.deepEqual(((await served.json()) as { items: unknown[] }).items, []);

      await disk.free();
      const done = await waitFor(id, ({ finishedAt }) => finishedAt !== null);
      assert.equal(done.status, "succeeded", JSON.stringify(done.error));
      assert.equal(fake.creates().length, 1);
      assert.equal((await fetch(`${server.url}/api/v1/models/${done.modelId}/files/model.glb`)).status, 200);
    });
  });
}

describe("no room for the log", () => {
  it("costs log lines, not the process", async (t) => {
    const root = await mkdtemp(path.join(os.tmpdir(), "log-full-"));
    const database = await createTestDatabase();
    let server: ServerProcess | null = null;
    const mounted = await mountSmallDisk(root, MEGABYTE);
    if (!mounted) t.diagnostic("No file system can be mounted here: a limit of file sizes stands in");
    const disk = mounted ?? (await limitFiles(root, () => server!.pid));
    try {
      if (!disk) return t.diagnostic("Left out: this machine gives no small disk");
      if (mounted) await mounted.fill(0);
      server = await startServer(root, {
        DATABASE_URL: database.url,
        LOG_DIR: disk.folder,
        LOG_LEVEL: "debug",
      });
      if (!mounted) await disk.fill(1000);
      const ask = async () => {
        const answer = await fetch(`${server!.url}/api/v1/generations`);
        await answer.arrayBuffer();
        return answer.status;
      };
      for (let requests = 0; requests < 300; requests++) assert.equal(await ask(), 200);
      if (mounted) {
        const shown = async () =>
          (await readFile(path.join(root, "server.log"), "utf8")).split("GET /api").length - 1;
        // The lines come a little after the answers.
        for (let tries = 0; tries < 1200 && (await shown()) < 300; tries++) await sleep(100);
        assert.ok((await shown()) >= 300, "the console stands still");
        const photo = photoForm(await readPhoto("sofa.jpg"), { provider: "local" });
        const posted = await fetch(`${server.url}/api/v1/generations`, { method: "POST", body: photo });
        assert.equal(posted.status, 202);
      }
      await disk.free();
      assert.equal(await ask(), 200);
      assert.equal((await fetch(`${server.url}/health/ready`)).status, 200);
      const log = path.join(disk.folder, "combined.log");
      for (let tries = 0; tries < 1200 && (await stat(log)).size < 1000; tries++) {
        await ask();
        await sleep(100);
      }
      assert.match(await readFile(log, "utf8"), /GET \/api\/v1\/generations/);
    } finally {
      await server?.stop();
      await database.dispose();
      await disk?.dispose();
      await rm(root, { recursive: true, force: true });
    }
  });
});
