import { stat } from "node:fs/promises";
import path from "node:path";
import { hasCode } from "../../system-errors.ts";
import { type Check, type Finding, ok, problem, warning } from "../check.ts";

const OTHERS = 0o077;

/** What the settings have to say, above all how strong the secrets are, and who may read the file of those that were made. */
export const secrets: Check = {
  name: "secrets",
  async run({ config, warnings }) {
    const found = warnings.map((text) =>
      warning(text, "Change it in .env or in the environment, and start the server again."),
    );
    const file = path.join(config.dataFolder, "secrets.json");
    return [...found, ...(await checkFile(file, Object.values(config.secrets).includes(null)))];
  },
};

async function checkFile(file: string, isNeeded: boolean): Promise<Finding[]> {
  if (!isNeeded) return [ok("All secrets come from the settings.")];
  try {
    const { mode } = await stat(file);
    if (process.platform !== "win32" && mode & OTHERS) {
      return [problem(`Others on this machine can read ${file}.`, `Run: chmod 600 ${file}`)];
    }
    return [ok(`Secrets that are not set are kept in ${file}. Keep a copy of it apart from the database's.`)];
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [ok(`The first start makes the secrets that are not set: ${file}`)];
    throw error;
  }
}
