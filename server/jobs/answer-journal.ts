import { mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { syncFolder } from "../storage/durable-file.ts";
import { hasCode } from "../system-errors.ts";

const Answer = z.object({ nonce: z.string().regex(/^[0-9a-f]{32}$/), remoteId: z.string() });
export type JournaledAnswer = z.infer<typeof Answer>;

/** Remote ids of paid attempts that the database could not take, one synced file each. */
export interface AnswerJournal {
  /** On the disk, power cut or not, when it resolves. */
  write(answer: JournaledAnswer): Promise<void>;
  remove(nonce: string): Promise<void>;
  /** Files that were cut off are left out, and those that another process of the same folder removes meanwhile. */
  read(): Promise<JournaledAnswer[]>;
}

export function createAnswerJournal(folder: string): AnswerJournal {
  const fileOf = (nonce: string) => path.join(folder, `${nonce}.json`);
  return {
    async write(answer) {
      await mkdir(folder, { recursive: true });
      const file = await open(fileOf(answer.nonce), "w");
      await file.writeFile(JSON.stringify(Answer.parse(answer)));
      await file.sync();
      await file.close();
      await syncFolder(folder);
    },
    remove: (nonce) => rm(fileOf(nonce), { force: true }),
    async read() {
      const names = await readdir(folder).catch(() => [] as string[]);
      const texts = await Promise.all(names.map((name) => readIfThere(path.join(folder, name))));
      return texts.flatMap((text) => {
        const parsed = Answer.safeParse(parseJson(text));
        return parsed.success ? [parsed.data] : [];
      });
    },
  };
}

/** "" where it is gone. */
const readIfThere = (file: string) =>
  readFile(file, "utf8").catch((error) => {
    if (hasCode(error, "ENOENT")) return "";
    throw error;
  });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
