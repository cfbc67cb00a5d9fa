import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { createAnswerJournal } from "../../server/jobs/answer-journal.ts";

const nonceOf = (digit: string) => digit.repeat(32);

describe("the journal of answers that the database could not take, in a folder of several processes", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-answers-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("shows each what the others have written, until one of them has brought it home", async () => {
    const place = path.join(folder, "shared");
    const [one, other] = [createAnswerJournal(place), createAnswerJournal(place)];
    assert.deepEqual(await other.read(), [], "nobody has written yet");
    const answer = { nonce: nonceOf("a"), remoteId: "paid-1" };
    await one.write(answer);
    assert.deepEqual(await other.read(), [answer]);
    await other.remove(answer.nonce);
    await one.remove(answer.nonce);
    assert.deepEqual(await readdir(place), []);
  });

  it("reads on where another process takes a file away between the list and its reading", async () => {
    const place = path.join(folder, "taken");
    const journal = createAnswerJournal(place);
    const answer = { nonce: nonceOf("b"), remoteId: "paid-2" };
    await journal.write(answer);
    // In the list, and not there any more: just what that looks like.
    await symlink(path.join(place, "gone"), path.join(place, `${nonceOf("c")}.json`));
    assert.deepEqual(await journal.read(), [answer]);
  });

  it("leaves out what a process that was killed has not written to the end, and keeps the file", async () => {
    const place = path.join(folder, "cut");
    const journal = createAnswerJournal(place);
    await journal.write({ nonce: nonceOf("d"), remoteId: "paid-3" });
    await writeFile(path.join(place, `${nonceOf("e")}.json`), '{"nonce":"eee');
    assert.deepEqual(
      (await journal.read()).map(({ remoteId }) => remoteId),
      ["paid-3"],
    );
    assert.equal((await readdir(place)).length, 2);
  });
});
