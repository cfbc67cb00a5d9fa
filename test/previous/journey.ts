import assert from "node:assert/strict";
import path from "node:path";
import { getJson, succeed, until, uploadPhoto } from "../smoke/steps.mjs";

const PHOTO = path.resolve(import.meta.dirname, "../fixtures/photos/sofa.jpg");
const PATIENCE_MS = 120_000;

interface ModelData {
  id: string;
  name: string;
  version?: number;
}

const send = async (url: string, method: string, expected: number, body?: unknown) => {
  const answer = await fetch(url, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  assert.equal(answer.status, expected, `${method} ${url}: ${text}`);
  return text === "" ? null : JSON.parse(text);
};

const ids = async (server: string): Promise<string[]> => {
  const { items } = (await getJson(`${server}/api/v1/models?limit=100`)) as { items: ModelData[] };
  return items.map(({ id }) => id);
};

/** A photo becomes a model; each further step is done by one server and seen by the other. */
export async function takeJourney(one: string, other: string): Promise<void> {
  const accepted = (await uploadPhoto(one, PHOTO)) as { id: string };
  const { modelId } = (await succeed(other, accepted.id)) as { modelId: string };
  assert.ok((await ids(one)).includes(modelId), "the list of the one has the model");
  assert.ok((await ids(other)).includes(modelId), "the list of the other has the model");

  await send(`${other}/api/v1/models/${modelId}`, "PATCH", 200, { name: "Renamed", tags: ["tried"] });
  const { name } = (await getJson(`${one}/api/v1/models/${modelId}`)) as ModelData;
  assert.equal(name, "Renamed");

  const share = (await send(`${one}/api/v1/models/${modelId}/shares`, "POST", 201, {})) as {
    id: string;
    token: string;
  };
  const opened = await fetch(`${other}/s/${share.token}/model.glb`);
  assert.equal(opened.status, 200);
  const bytes = Buffer.from(await opened.arrayBuffer());
  assert.equal(bytes.toString("latin1", 0, 4), "glTF");
  await send(`${other}/api/v1/shares/${share.id}`, "DELETE", 204);
  assert.equal((await fetch(`${one}/s/${share.token}/model.glb`)).status, 404, "revoked for the one too");

  await send(`${one}/api/v1/models/${modelId}`, "DELETE", 204);
  await until("the model is in the trash for the other", PATIENCE_MS, async () => {
    return !(await ids(other)).includes(modelId);
  });
  await send(`${other}/api/v1/models/${modelId}/restore`, "POST", 200);
  assert.ok((await ids(one)).includes(modelId), "and back for the one");
  const ready = (await getJson(`${one}/health/ready`)) as { status: string };
  assert.equal(ready.status, "ok");
}
