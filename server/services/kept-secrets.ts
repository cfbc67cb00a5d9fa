import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Secrets } from "../config.ts";
import { syncFolder } from "../storage/durable-file.ts";
import { hasCode } from "../system-errors.ts";

/** Secrets that are all there: from the settings, or made once. */
export type KeptSecrets = { [Name in keyof Secrets]: string };

const KeptFile = z.object({
  jwt: z.string().min(32),
  session: z.string().min(32),
  encryptionKey: z.string().min(32),
  encryptionSalt: z.string().min(16),
});

const newSecret = () => randomBytes(32).toString("base64url");

/**
 * Completes the secrets of the settings with those of `secrets.json` in the data folder, which only the server's own
 * account can read. The file is made once, whole and by one of several processes that start together.
 * @throws Error in words for people where the file is damaged
 */
export async function completeSecrets(given: Secrets, dataFolder: string): Promise<KeptSecrets> {
  if (Object.values(given).every((value) => value !== null)) return given as KeptSecrets;
  const file = path.join(dataFolder, "secrets.json");
  const kept = (await readSecrets(file)) ?? (await makeSecrets(file));
  const set = Object.entries(given).filter(([, value]) => value !== null);
  return { ...kept, ...Object.fromEntries(set) };
}

async function readSecrets(file: string): Promise<KeptSecrets | null> {
  const text = await readFile(file, "utf8").catch((error) => {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return KeptFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(
      `${file} is damaged. Put it back from a backup, or set JWT_SECRET, SESSION_SECRET, API_ENCRYPTION_KEY and ` +
        "API_ENCRYPTION_SALT. Without the old values everyone signs in anew, and users' own provider keys are lost.",
      { cause },
    );
  }
}

/** A link never replaces a file, so whoever comes second reads what the first made. */
async function makeSecrets(file: string): Promise<KeptSecrets> {
  const folder = path.dirname(file);
  const made = {
    jwt: newSecret(),
    session: newSecret(),
    encryptionKey: newSecret(),
    encryptionSalt: newSecret(),
  };
  await mkdir(folder, { recursive: true });
  const part = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    const handle = await open(part, "wx", 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(made, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(part, file);
    await syncFolder(folder);
    return made;
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    return (await readSecrets(file))!;
  } finally {
    await rm(part, { force: true });
  }
}
