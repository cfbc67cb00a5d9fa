import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AppError } from "../../server/errors.ts";
import { LOCAL_USER_ID } from "../../server/models/user.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { addOtherUser, createAs, OTHER_USER } from "../support/create-as.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { state } from "../support/fake-genapi/steps.ts";

describe("an idempotency key", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  before(async () => {
    fake = await startFakeGenapi();
    fake.script({ polls: [state({ status: "processing" })] });
    app = await startTestApp({ fake });
    await addOtherUser(app);
  });
  after(async () => {
    await app.dispose();
    await fake.dispose();
  });

  it("is each user's own", async () => {
    const mine = await createAs(app, LOCAL_USER_ID, { photo: 1, idempotencyKey: "same" });
    const other = await createAs(app, OTHER_USER, { photo: 2, idempotencyKey: "same" });
    assert.notEqual(mine.id, other.id);
    const again = await createAs(app, OTHER_USER, { photo: 2, idempotencyKey: "same" });
    assert.equal(again.id, other.id);
  });

  it("is kept for 24 hours by the database's clock, then free for another request", async () => {
    const first = await createAs(app, LOCAL_USER_ID, { photo: 3, idempotencyKey: "day" });
    const age = (interval: string) =>
      app.context.records.sequelize.query(
        `UPDATE generation_tasks SET created_at = now() - interval '${interval}' WHERE id = '${first.id}'`,
      );
    await age("23 hours 59 minutes");
    assert.equal((await createAs(app, LOCAL_USER_ID, { photo: 3, idempotencyKey: "day" })).id, first.id);
    await assert.rejects(
      createAs(app, LOCAL_USER_ID, { photo: 4, idempotencyKey: "day" }),
      (error) => error instanceof AppError && error.code === "idempotency-mismatch",
    );
    await age("24 hours 1 minute");
    const second = await createAs(app, LOCAL_USER_ID, { photo: 4, idempotencyKey: "day" });
    assert.notEqual(second.id, first.id);
  });

  it("wins over the question about the same photo, also for requests at the same moment", async () => {
    const order = { photo: 5, idempotencyKey: "twice", onDuplicate: "ask" as const };
    const answers = await Promise.all(Array.from({ length: 8 }, () => createAs(app, LOCAL_USER_ID, order)));
    assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
  });

  it("is not needed: of simultaneous orders of one photo all but one are asked about, another user is not", async () => {
    const order = { photo: 6, onDuplicate: "ask" as const };
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, () => createAs(app, LOCAL_USER_ID, order)),
    );
    assert.equal(answers.filter(({ status }) => status === "fulfilled").length, 1);
    for (const answer of answers)
      if (answer.status === "rejected") assert.match(String(answer.reason), /duplicate-generation/);
    await createAs(app, OTHER_USER, order);
  });
});
