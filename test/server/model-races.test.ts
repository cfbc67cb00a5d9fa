import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { Model } from "../../server/contract/model.ts";
import { LOCAL_CALLER } from "../../server/policies/caller.ts";
import { SERVER } from "../../server/services/audit.ts";
import { removeModel, restoreModel } from "../../server/services/model-trash.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm } from "../support/client.ts";
import { makeSampleGlb } from "../support/fake-genapi/sample-glb.ts";

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.dispose());

it("keeps the files of a model that is restored while somebody deletes it for ever", async () => {
  const body = photoForm(await makeSampleGlb(), {}, "thing.glb", "file");
  const imported = await app.request("/api/v1/models", { method: "POST", body });
  const { id, files } = (await imported.json()) as Model;
  await app.request(`/api/v1/models/${id}`, { method: "DELETE" });
  const { records } = app.context;
  const by = { ...SERVER, caller: LOCAL_CALLER };
  records.Model3d.addHook("beforeBulkDestroy", "restore", async () => {
    records.Model3d.removeHook("beforeBulkDestroy", "restore");
    await restoreModel(records, by, id);
  });
  await assert.rejects(removeModel(app.context, by, id), { code: "conflict" });
  assert.equal((await app.request(files.glb!.url)).status, 200);
});
