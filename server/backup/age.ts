import { setImmediate } from "node:timers/promises";
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { AppError } from "../errors.ts";
import { type Bytes, damaged } from "./bytes.ts";

/** The format is age's (https://age-encryption.org/v1): `age --decrypt` reads it too. */
export async function* encrypted(source: Bytes, recipients: string[]): AsyncGenerator<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const clear = sliced(source);
  try {
    yield* await encrypter.encrypt(asWeb(clear));
  } finally {
    await clear.return(undefined);
  }
}

const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;

/** How many bytes so many become (https://c2sp.org/age, Payload): chunks with a tag each behind a header. */
export async function encryptedBytes(bytes: number, recipient: string): Promise<number> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const empty = await encrypter.encrypt(new Uint8Array());
  const furtherChunks = Math.max(1, Math.ceil(bytes / CHUNK_BYTES)) - 1;
  return empty.length + bytes + furtherChunks * TAG_BYTES;
}

/** @throws AppError `backup-key` where the key is none or another one, `backup-damaged` */
export async function* decrypted(
  source: Bytes,
  identity: string | undefined,
  name: string,
): AsyncGenerator<Uint8Array> {
  const decrypter = new Decrypter();
  const stored = sliced(source);
  let isOpen = false;
  try {
    decrypter.addIdentity((identity ?? "").trim());
    const clear = await decrypter.decrypt(asWeb(stored));
    isOpen = true;
    yield* clear;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw isOpen ? damaged(name, error) : new AppError("backup-key", { cause: error });
  } finally {
    await stored.return(undefined);
  }
}

/** A pair of keys: `identity` is the secret one. */
export async function createKeyPair(): Promise<{ identity: string; recipient: string }> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** What is encrypted at a time: two milliseconds or so of this thread. */
const SLICE_BYTES = 64 * 1024;

/** Lets the rest of the process have its turn between slices: the cipher runs on the main thread. */
async function* sliced(source: Bytes): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    for (let start = 0; start < chunk.length; start += SLICE_BYTES) {
      yield chunk.subarray(start, start + SLICE_BYTES);
      await setImmediate();
    }
  }
}

const asWeb = (source: AsyncIterator<Uint8Array>) =>
  new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await source.return?.();
    },
  });
