import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { AppError } from "../errors.ts";
import { type Bytes, damaged } from "./bytes.ts";

/** The format is age's (https://age-encryption.org/v1): `age --decrypt` reads it too. */
export async function* encrypted(source: Bytes, recipients: string[]): AsyncGenerator<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const clear = source[Symbol.asyncIterator]();
  try {
    yield* await encrypter.encrypt(asWeb(clear));
  } finally {
    await clear.return?.();
  }
}

/** @throws AppError `backup-key` where the key is none or another one, `backup-damaged` */
export async function* decrypted(
  source: Bytes,
  identity: string | undefined,
  name: string,
): AsyncGenerator<Uint8Array> {
  const decrypter = new Decrypter();
  const stored = source[Symbol.asyncIterator]();
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
    await stored.return?.();
  }
}

/** A pair of keys: `identity` is the secret one. */
export async function createKeyPair(): Promise<{ identity: string; recipient: string }> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
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
