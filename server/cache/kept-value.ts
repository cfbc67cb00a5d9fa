import { decodeText, encodeText } from "./encoding.ts";

/** A value with what tells how good it still is. */
export interface KeptValue {
  text: string;
  /** Of the group that it was made in. */
  mark: string;
  /** By the clock, milliseconds since 1970. */
  endsAt: number;
  /** How long it took to make it, milliseconds. */
  madeInMs: number;
}

/** One string of it. */
export async function packValue(
  { text, mark, endsAt, madeInMs }: KeptValue,
  compressionBytes: number | null,
): Promise<string> {
  return [mark, endsAt, Math.ceil(madeInMs), await encodeText(text, compressionBytes)].join(" ");
}

/** Null for what `packValue` did not make. */
export async function unpackValue(kept: string): Promise<KeptValue | null> {
  const [head, mark, endsAt, madeInMs] = /^(\S+) (\d+) (\d+) /.exec(kept) ?? [];
  if (!head) return null;
  try {
    const text = await decodeText(kept.slice(head.length));
    return { text, mark, endsAt: Number(endsAt), madeInMs: Number(madeInMs) };
  } catch {
    return null;
  }
}

/**
 * Whether to make it anew though it is still good: the sooner its end and the dearer it is, the likelier, so that one
 * of many processes does so before all have to.
 * Source: Vattani, Chierichetti, Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", VLDB 2015 (β = 1)
 */
export const isDue = ({ endsAt, madeInMs }: KeptValue, now = Date.now(), random = Math.random()): boolean =>
  now - madeInMs * Math.log(random) >= endsAt;
