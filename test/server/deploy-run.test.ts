import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const SCRIPT = path.resolve(import.meta.dirname, "../../deploy/systemd/run.sh");
const run = promisify(execFile);

/** Stands in for the system's, which needs the user and rights: says whom it would become, and runs the command. */
const RUNUSER = '#!/bin/sh\necho "user $2"\nshift 3\nexec "$@"\n';

test("commands get the service's folder, settings and secrets, and nothing of them is run", async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-run-"));
  try {
    for (const folder of ["opt/photo-to-3d/current", "etc/photo-to-3d", "bin"])
      await mkdir(path.join(root, folder), { recursive: true });
    await writeFile(path.join(root, "bin/runuser"), RUNUSER, { mode: 0o755 });
    await writeFile(
      path.join(root, "etc/photo-to-3d.env"),
      [
        "# a comment",
        "PUBLIC_URL=https://3d.example.com",
        "",
        'MAIL_FROM="Photo to 3D <3d@example.com>"',
        "REDIS_URL=redis://:a&b;$(touch ran)@cache",
        "TRUST_PROXY=1",
      ].join("\n"),
    );
    await writeFile(path.join(root, "etc/photo-to-3d/JWT_SECRET"), "it's $HOME & more\n");
    const { stdout } = await run("sh", [SCRIPT, "sh", "-c", "pwd; ls; env"], {
      env: { PATH: `${root}/bin:${process.env.PATH}`, PHOTO_TO_3D_ROOT: root },
    });
    const lines = stdout.split("\n");
    for (const line of [
      "user photo-to-3d",
      "PUBLIC_URL=https://3d.example.com",
      "MAIL_FROM=Photo to 3D <3d@example.com>",
      "REDIS_URL=redis://:a&b;$(touch ran)@cache",
      "TRUST_PROXY=1",
      "JWT_SECRET=it's $HOME & more",
      "NODE_ENV=production",
      `DATA_DIR=${root}/var/lib/photo-to-3d`,
    ])
      assert.ok(lines.includes(line), `${line} is missing in\n${stdout}`);
    assert.ok(lines.some((line) => line.endsWith("/opt/photo-to-3d/current")));
    assert.ok(!lines.includes("ran"));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
