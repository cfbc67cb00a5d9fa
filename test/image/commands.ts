import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";

const LARGEST_OUTPUT = 64 * 1024 ** 2;

/** What a command printed, without the last line break; throws with its errors where it fails. */
export async function output(command: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { maxBuffer: LARGEST_OUTPUT });
  return stdout.trim();
}

/** Runs a command that takes long, and shows what it prints. Throws where it fails. */
export async function show(command: string, args: string[], cwd?: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  const [code, signal] = await once(child, "close");
  if (code !== 0) throw new Error(`${command} ${args[0]} ended with ${signal ?? `exit code ${code}`}`);
}

/** Whether there is such a program. */
export const exists = (command: string): Promise<boolean> =>
  promisify(execFile)("which", [command]).then(
    () => true,
    () => false,
  );
