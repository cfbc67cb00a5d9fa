import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { promisify } from "node:util";
import { parse } from "yaml";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SECRETS = path.join(ROOT, "deploy/compose/make-secrets.sh");
const run = promisify(execFile);

describe("the secrets of containers", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-secrets-"));
    await run("sh", [SECRETS, folder]);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const contents = async () =>
    Object.fromEntries(
      await Promise.all(
        (await readdir(folder)).map(async (name) => [name, await readFile(path.join(folder, name), "utf8")]),
      ),
    ) as Record<string, string>;

  it("are made once, are long and differ", async () => {
    const made = await contents();
    await run("sh", [SECRETS, folder]);
    assert.deepEqual(await contents(), made);
    const { "redis-url": url, "redis.conf": conf, "s3.json": json, ...random } = made;
    for (const [name, value] of Object.entries(random)) assert.match(value, /^[0-9a-f]{48}$/, name);
    assert.equal(new Set(Object.values(random)).size, Object.keys(random).length);
    assert.equal(new URL(url).password, random.redis);
    assert.match(conf, new RegExp(`^requirepass ${random.redis}$`, "m"));
    const [{ accessKey, secretKey }] = JSON.parse(json).identities[0].credentials;
    assert.deepEqual([accessKey, secretKey], [random["s3-key"], random["s3-secret"]]);
  });

  it("are handed out anew, so that a container gets what a later release adds", async () => {
    const copies = path.join(folder, "copies");
    await mkdir(path.join(copies, "postgres"), { recursive: true });
    await writeFile(path.join(copies, "postgres", "postgres"), "of another time");
    try {
      await run("sh", [SECRETS, folder, copies]);
      assert.deepEqual(await readdir(copies), ["postgres"], "who has no volume gets nothing");
      assert.deepEqual(await readdir(path.join(copies, "postgres")), ["postgres"]);
      const { mode } = await stat(path.join(copies, "postgres", "postgres"));
      assert.equal(mode & 0o444, 0o444, "read by whoever the container runs as");
      assert.equal(
        await readFile(path.join(copies, "postgres", "postgres"), "utf8"),
        await readFile(path.join(folder, "postgres"), "utf8"),
      );
    } finally {
      await rm(copies, { recursive: true });
    }
  });

  it("keep the password of an installation that had one", async () => {
    const other = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-compose-"));
    try {
      await run("sh", [SECRETS, other], { env: { ...process.env, POSTGRES_PASSWORD: "chosen long ago" } });
      assert.equal(await readFile(path.join(other, "postgres"), "utf8"), "chosen long ago");
    } finally {
      await rm(other, { recursive: true, force: true });
    }
  });
});

describe("deploy/compose/update.sh", () => {
  /**
   * An engine that knows containers and writes down how many serve after each change. From the container `FAILS_AT` on
   * no new one gets ready; meanwhile somebody begins `compose run app`.
   */
  const ENGINE = `#!/bin/sh
cd "$STATE"
for last; do :; done
case "$*" in
  *--scale*)
    for word; do case "$word" in app=*) wanted="\${word#app=}" ;; esac; done
    while [ "$(wc -l < containers)" -lt "$wanted" ]; do echo "new$(wc -l < story)" >> containers; echo + >> story; done
    wc -l < containers >> counts
    [ "$(wc -l < story)" -lt "\${FAILS_AT:-100}" ] || { echo of-a-person > once; exit 1; } ;;
  *"ps --all "*" app") cat containers once ;;
  *"ps "*" app") cat containers ;;
  "inspect "*) if grep -q "^$last$" once; then echo True; else echo False; fi ;;
  *"nginx -t"*) echo "$*" >> others; [ -z "\${NGINX_FAILS:-}" ] ;;
  "stop "* | "rm --force "*) grep -v "^$last$" containers > rest; mv rest containers; wc -l < containers >> counts; echo "$*" >> others ;;
  *) echo "$*" >> others ;;
esac
`;

  let state: string;
  beforeEach(async () => {
    state = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-update-"));
    await writeFile(path.join(state, "docker"), ENGINE, { mode: 0o755 });
    await writeFile(path.join(state, "containers"), "old1\nold2\nold3\n");
    await writeFile(path.join(state, "story"), "");
    await writeFile(path.join(state, "once"), "");
  });
  afterEach(() => rm(state, { recursive: true, force: true }));

  const update = (variables: Record<string, string> = {}) => {
    const env = { ...process.env, PATH: `${state}:${process.env.PATH}`, STATE: state, ...variables };
    return run("sh", [path.join(ROOT, "deploy/compose/update.sh")], { env });
  };
  const lines = async (name: string) =>
    (await readFile(path.join(state, name), "utf8")).trim().split(/\s*\n\s*/);

  it("never has fewer replicas than three, and none of the old ones at the end", async () => {
    await update();
    assert.deepEqual((await lines("counts")).map(Number), [4, 3, 4, 3, 4, 3]);
    assert.deepEqual(
      (await lines("containers")).filter((name) => !name.startsWith("new")),
      [],
    );
    const others = await lines("others");
    assert.equal(others.filter((line) => line.startsWith("rm --volumes old")).length, 3);
    assert.match(others[0], /run --rm --no-deps -T secrets$/, "before a new replica looks for a new secret");
    assert.match(others.at(-2)!, /up .*worker$/);
    assert.doesNotMatch(others.at(-2)!, /volumes/, "what the old worker has kept is for the new one");
    assert.match(others.at(-1)!, /exec -T nginx .*nginx -t .*&& nginx -s reload$/, "its files may be new");
  });

  it("leaves no old worker beside new replicas where nginx can't be told", async () => {
    await assert.rejects(update({ NGINX_FAILS: "yes" }));
    assert.ok((await lines("others")).some((line) => /up .*worker$/.test(line)));
  });

  it("takes away what does not get ready, shows its log, and leaves the others serving", async () => {
    await assert.rejects(update({ FAILS_AT: "2" }), ({ code, stderr }) => {
      assert.equal(code, 1);
      assert.match(stderr, /did not get ready/);
      return true;
    });
    assert.deepEqual(
      await lines("containers"),
      ["old2", "old3", "new0"],
      "or the next try would wait for it",
    );
    const others = await lines("others");
    assert.match(others.at(-2)!, /^logs .*new1$/);
    assert.match(others.at(-1)!, /^rm --force --volumes new1$/);
    const touched = others.filter((line) => line.includes("of-a-person"));
    assert.deepEqual(touched, [], "no replica, but what somebody has just begun by hand");
  });
});

describe("the buckets of compose.prod.yml", () => {
  /**
   * SeaweedFS' shell: it has no filer for the first questions, says so on stderr, and ends well all the same. Nobody
   * waits: a minute goes by with each `sleep`.
   */
  const WEED = `#!/bin/sh
cd "$STATE"
echo asked >> asked
while read -r command option name; do
  if [ "$(wc -l < asked)" -le "$WITHOUT_FILER" ]; then echo "error: no filer" >&2; continue; fi
  case $command in
    s3.bucket.list) printf '> '; while read -r one; do printf '  %s\\tsize:0\\tchunk:0\\n' "$one"; done < buckets ;;
    s3.bucket.create) echo "$name" >> buckets; echo "$option $name" >> created ;;
  esac
done
`;
  const PROGRAMS = {
    weed: WEED,
    sleep: '#!/bin/sh\necho slept >> "$STATE/minutes"\n',
    date: '#!/bin/sh\necho $(($(wc -l < "$STATE/minutes") * 60))\n',
    // Which not every system has.
    timeout: '#!/bin/sh\nshift\nexec "$@"\n',
  };

  let state: string;
  beforeEach(async () => {
    state = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-buckets-"));
    for (const [name, program] of Object.entries(PROGRAMS))
      await writeFile(path.join(state, name), program, { mode: 0o755 });
    await writeFile(path.join(state, "minutes"), "");
    await writeFile(path.join(state, "buckets"), "photo-to-3d-backups\n");
  });
  afterEach(() => rm(state, { recursive: true, force: true }));

  async function make(questionsWithoutFiler: number) {
    const compose = parse(await readFile(path.join(ROOT, "compose.prod.yml"), "utf8"), { merge: true });
    const { entrypoint, command } = compose.services.bucket;
    const [shell, ...args] = [...entrypoint, ...command.map((part: string) => part.replaceAll("$$", "$"))];
    const PATH = `${state}:${process.env.PATH}`;
    const WITHOUT_FILER = String(questionsWithoutFiler);
    await run(shell, args, { env: { ...process.env, PATH, STATE: state, WITHOUT_FILER } });
    return compose;
  }

  it("are made once, however often it takes, and those that are there are left alone", async () => {
    const compose = await make(3);
    assert.equal(await readFile(path.join(state, "created"), "utf8"), "-name photo-to-3d\n");
    const { S3_BUCKET, BACKUP_DIR } = compose.services.worker.environment;
    const made = (await readFile(path.join(state, "buckets"), "utf8")).trim().split("\n");
    assert.deepEqual(made.sort(), [S3_BUCKET, BACKUP_DIR.replace("s3://", "")].sort());
  });

  it("are given up with the cause where the store never comes up, so that `up --wait` ends", async () => {
    await assert.rejects(make(Number.MAX_SAFE_INTEGER), ({ code, stderr }) => {
      assert.equal(code, 1);
      assert.match(stderr, /error: no filer\n.*photo-to-3d.*docker compose .*logs store\n$/s);
      return true;
    });
    const minutes = (await readFile(path.join(state, "minutes"), "utf8")).trim().split("\n").length;
    assert.equal(minutes, 10, "for a slow disk");
  });
});
