import FormData from "form-data";
import type { ParamValues } from "../../contract/provider.ts";

const EXTENSIONS: Record<string, string> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
};

interface SubmitForm {
  photoField: string;
  photo: { bytes: Buffer; mediaType: string };
  params: ParamValues;
  callbackUrl: string | null;
}

/**
 * The multipart body of a create call. GenAPI reads booleans as 1 and 0 and refuses empty values, so what is null
 * stays out. The file's name is made here and tells nothing about the user.
 */
export function buildSubmitForm({ photoField, photo, params, callbackUrl }: SubmitForm) {
  const form = new FormData();
  form.append(photoField, photo.bytes, {
    filename: `photo.${EXTENSIONS[photo.mediaType] ?? "bin"}`,
    contentType: photo.mediaType,
  });
  for (const [name, value] of Object.entries(params)) {
    if (value !== null) form.append(name, formText(value));
  }
  if (callbackUrl !== null) form.append("callback_url", callbackUrl);
  return { bytes: form.getBuffer(), headers: form.getHeaders() as Record<string, string> };
}

function formText(value: NonNullable<ParamValues[string]>): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
