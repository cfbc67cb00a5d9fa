import fs from "node:fs";
import path from "node:path";

export interface GivenSettings {
  /** What is not empty, by the name of the setting. */
  values: Record<string, string>;
  /** Settings whose value is that of a file. */
  fromFile: ReadonlySet<string>;
}

/** Such as Docker's `/run/secrets/NAME`, or a credential of systemd in `%d`. */
const SUFFIX = "_FILE";

/**
 * The settings `names` of an environment. Each is also taken from the file that NAME_FILE names, without the line end
 * at its end; relative paths begin at `root`. What is empty counts as unset. Throws one sentence with the cure where
 * both are set, or the file can't be read or is empty.
 */
export function readGiven(env: NodeJS.ProcessEnv, names: readonly string[], root: string): GivenSettings {
  const values = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value]] : [])),
  );
  const fromFile = new Set<string>();
  for (const name of names) {
    const file = values[name + SUFFIX];
    if (file === undefined) continue;
    if (name in values) throw new Error(`Both ${name} and ${name + SUFFIX} are set. Keep one of them.`);
    values[name] = readValue(name + SUFFIX, path.resolve(root, file.trim()));
    fromFile.add(name);
  }
  return { values, fromFile };
}

function readValue(name: string, file: string): string {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(
      `${name} names the file ${file}, which can't be read: ${(error as Error).message}. ` +
        "Correct the path, and let the user of this process read the file.",
    );
  }
  const value = text.replace(/^\uFEFF/, "").replace(/[\r\n]+$/, "");
  if (!value.trim())
    throw new Error(`${name} names the file ${file}, which is empty. Write the value into it.`);
  return value;
}
