import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";

/** What a create call carries, or null without a photo. The photo is the one file part, whatever its name. */
export async function readCreate(request: IncomingMessage) {
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  const form = await new Response(await buffer(request), { headers }).formData().catch(() => null);
  const fields: Record<string, string> = {};
  let photo: File | null = null;
  for (const [name, value] of form ?? []) {
    if (typeof value === "string") fields[name] = value;
    else photo = value;
  }
  if (!photo || photo.size === 0) return null;
  const photoSha256 = createHash("sha256")
    .update(await photo.bytes())
    .digest("hex");
  return { photoSha256, fields, callbackUrl: fields.callback_url ?? null };
}
