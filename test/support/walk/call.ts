import type { Route } from "../../../server/http/route.ts";
import type { Sample } from "./samples.ts";

/** Streams don't end; what they know they tell at once. */
const STREAM_MS = 150;

/** Status and text of a route's answer; of a stream what comes at once. */
export async function callRoute(
  address: string,
  { method }: Route,
  { form, body, query = "" }: Sample,
  headers: Record<string, string>,
): Promise<{ status: number; text: string; headers: Headers }> {
  const enough = new AbortController();
  const answer = await fetch(address + query, {
    method: method.toUpperCase(),
    headers: { ...headers, ...(body !== undefined && { "Content-Type": "application/json" }) },
    body: form ? form() : body === undefined ? undefined : JSON.stringify(body),
    signal: enough.signal,
  });
  const { status, headers: given } = answer;
  if (!answer.headers.get("content-type")?.startsWith("text/event-stream"))
    return { status, headers: given, text: Buffer.from(await answer.arrayBuffer()).toString("latin1") };
  setTimeout(() => enough.abort(), STREAM_MS);
  let text = "";
  try {
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) text += piece;
  } catch (error) {
    if (!enough.signal.aborted) throw error;
  }
  return { status, text, headers: given };
}
