import path from "node:path";
import sharp from "sharp";
import type { Generation } from "../../server/models/generation.ts";
import { createGeneration } from "../../server/services/create-generation.ts";
import type { TestApp } from "./app.ts";
import { sha256Of } from "./sha256.ts";

export const OTHER_USER = "00000000-0000-7000-8000-000000000002";

export const addOtherUser = (app: TestApp) =>
  app.context.records.sequelize.query("INSERT INTO users (id) VALUES ($1)", { bind: [OTHER_USER] });

/** A small photo of its own for each number. */
export const numberedPhoto = (number: number) =>
  sharp({ create: { width: 96, height: 96, channels: 3, background: { r: number * 10, g: 90, b: 40 } } })
    .png()
    .toBuffer();

/** Orders a model as some user, below HTTP: without accounts every request is the local user's. */
export async function createAs(
  app: TestApp,
  userId: string,
  options: { photo: number; idempotencyKey?: string; onDuplicate?: "ask" },
): Promise<Generation> {
  const { records, storage, queue, quota, directory, config } = app.context;
  const workspace = await storage.workspace();
  const bytes = await numberedPhoto(options.photo);
  const file = path.join(workspace.path, "photo.png");
  try {
    await sharp(bytes).toFile(file);
    return await createGeneration(
      { records, storage, queue, quota, directory, budget: config.genapi.budget },
      {
        userId,
        fields: { onDuplicate: options.onDuplicate },
        photo: {
          path: file,
          sha256: sha256Of(bytes),
          bytes: bytes.length,
          width: 96,
          height: 96,
          mediaType: "image/png",
          extension: "png",
        },
        fallbackName: "photo",
        idempotencyKey: options.idempotencyKey ?? null,
        requestId: "test",
      },
    );
  } finally {
    await workspace.dispose();
  }
}
