import { v7 as newId } from "uuid";
import { LOCAL_USER_ID } from "../../server/models/user.ts";
import type { TestApp } from "./app.ts";

/** A canceled generation, straight in the database: one event `generation.canceled`, without any work. */
export async function makeCanceled(app: TestApp, userId = LOCAL_USER_ID): Promise<string> {
  const { Photo, Generation } = app.context.records;
  const sha256 = newId().replaceAll("-", "").repeat(2);
  const photo = { mediaType: "image/jpeg", bytes: 1, width: 64, height: 64 };
  const { id: photoId } = await Photo.create({ id: newId(), sha256, key: `input/${sha256}`, ...photo });
  const generation = await Generation.create({
    id: newId(),
    userId,
    status: "queued",
    stage: "queued",
    provider: "local",
    network: "relief",
    params: {},
    name: "Sofa",
    photoId,
    reservedModelId: newId(),
  });
  await Generation.update(
    { status: "canceled", stage: null, finishedAt: new Date() },
    { where: { id: generation.id } },
  );
  return generation.id;
}
