import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { v7 as newId } from "uuid";
import type { Model } from "../../../server/contract/model.ts";
import type { Share } from "../../../server/contract/share.ts";
import type { Member } from "../accounts.ts";
import type { TestApp } from "../app.ts";
import { photoForm } from "../client.ts";
import { createAs } from "../create-as.ts";
import { boxGlb } from "../make-glb.ts";
import { PLANTED } from "./planted.ts";

/** Files that share links and checks make of a model, made ahead so that nothing is made in the background. */
const MADE_AHEAD = ["files/ar.glb", "files/model.usdz", "print-check", "print-repair"];

async function made<T>(answer: Response): Promise<T> {
  assert.ok(answer.ok, await answer.clone().text());
  return (await answer.json()) as T;
}

async function importModel(owner: Member, name: string): Promise<Model> {
  const body = photoForm(await boxGlb([0.2, 0.3, 0.1]), { name }, "box.glb", "file");
  const model = await made<Model>(await owner.request("/api/v1/models", { method: "POST", body }));
  for (const file of MADE_AHEAD) {
    const answer = await owner.request(`/api/v1/models/${model.id}/${file}`);
    assert.equal(answer.status, 200, `${file}: ${await answer.text()}`);
  }
  return model;
}

/** A thing of every kind, the first user's; `values` is what stands for the `:names` of an address. */
export async function makeRecords(app: TestApp, owner: Member, admin: Member) {
  const { records } = app.context;
  const model = await importModel(owner, PLANTED);
  const details = { description: `About ${PLANTED}`, tags: [PLANTED] };
  assert.equal((await owner.send("PATCH", `/api/v1/models/${model.id}`, details)).status, 200);
  const team = await importModel(owner, "Shared with the team");
  const shown = await owner.send("PATCH", `/api/v1/models/${team.id}`, { visibility: "team" });
  assert.equal(shown.status, 200);

  const generation = await createAs(app, owner.userId, { photo: 1 });
  await records.Generation.update({ name: PLANTED }, { where: { id: generation.id } });
  const share = await made<Share>(await owner.send("POST", `/api/v1/models/${model.id}/shares`, {}));
  const gallery = await made<Share>(
    await owner.send("POST", "/api/v1/shares", { title: PLANTED, modelIds: [model.id] }),
  );
  const webhook = await made<{ id: string }>(
    await owner.send("POST", "/api/v1/webhooks", {
      url: `http://127.0.0.1:9/${PLANTED}`,
      description: PLANTED,
      eventTypes: ["model.created"],
    }),
  );
  const delivery = await made<{ id: string }>(
    await owner.send("POST", `/api/v1/webhooks/${webhook.id}/test`),
  );
  const session = await records.Session.findOne({ where: { userId: owner.userId }, rejectOnEmpty: true });
  const apiKey = await records.ApiKey.findOne({ where: { userId: owner.userId }, rejectOnEmpty: true });
  const invitation = await records.Invitation.create({
    id: newId(),
    hash: createHash("sha256").update(PLANTED).digest(),
    email: `guest-of-${PLANTED}@example.com`,
    role: "user",
    createdBy: admin.userId,
    expiresAt: new Date(Date.now() + 86_400_000),
  });
  // Another than the first user: whoever is deleted is signed out for ever.
  const guest = await records.User.create({
    id: newId(),
    email: `friend-of-${PLANTED}@example.com`,
    passwordHash: "none",
    role: "user",
  });
  await records.Session.update({ userAgent: PLANTED }, { where: { userId: owner.userId } });

  return {
    model,
    team,
    values: {
      "/api/v1/models/:id": model.id,
      "/api/v1/models/:id/files/:file": "model.glb",
      "/api/v1/generations/:id": generation.id,
      "/api/v1/shares/:id": share.id,
      "/api/v1/webhooks/:id": webhook.id,
      "/api/v1/webhooks/:id/deliveries/:deliveryId": delivery.id,
      "/api/v1/auth/sessions/:id": session.id,
      "/api/v1/api-keys/:id": apiKey.id,
      "/api/v1/invitations/:id": invitation.id,
      "/api/v1/invitations/by-token/:token": "no-invitation-has-this-token-at-all",
      "/api/v1/users/:id": guest.id,
      "/api/v1/providers/:id": "genapi",
      "/api/v1/provider-keys/:provider": "genapi",
      "/api/system/health/:service": "database",
      "/api/system/processes/:name": "housekeeping",
      "/api/system/backup/:filename": "2020-01-01T02-00-00Z-daily",
      "/api/system/backup/verify/:filename": "2020-01-01T02-00-00Z-daily",
      "/api/system/backup/restore/:filename": "2020-01-01T02-00-00Z-daily",
      "/hooks/genapi/:nonce": "0".repeat(32),
      "/s/:token": share.token,
      "/s/:token/:file": "model.glb",
      "/s/:token of /s/:token/models/:modelId/:file": gallery.token,
      "/s/:token/models/:modelId": model.id,
      "/s/:token/models/:modelId/:file": "model.glb",
    } as Record<string, string>,
  };
}

/** The address of a route with real values; fails where nobody said what its `:name` stands for. */
export function fillPath(path: string, values: Record<string, string>): string {
  const parts = path.split("/");
  return parts
    .map((part, index) => {
      if (!part.startsWith(":")) return part;
      const upTo = parts.slice(0, index + 1).join("/");
      const value = values[`${upTo} of ${path}`] ?? values[upTo];
      assert.ok(value, `What does ${upTo} stand for? Say so in test/support/walk/first-user.ts`);
      return value;
    })
    .join("/");
}
