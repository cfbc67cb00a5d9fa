import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";

/** `KEY=p3d_… # "key" of the answer`: a variable that the reader fills from what came before. */
const FILLED = /^(\w+)=.*# "(\w+)" of the answer$/;

/** What a reader types and what came back. */
export interface Shell {
  /** Variables of the shell, as the reader has set them so far. */
  variables: Record<string, string>;
  /**
   * Runs one block of a page and answers what it printed. Fails where a command does, where an answer is not there to
   * fill a variable from, or where the block is still at work after five minutes. `until` ends a block that would go on.
   */
  run(block: string, until?: (output: string) => boolean): Promise<string>;
}

/** A shell in `folder` in which the blocks of a page are run one after another. Throws where there is no curl. */
export async function openShell(folder: string, variables: Record<string, string>): Promise<Shell> {
  const found = spawn("curl", ["--version"], { stdio: "ignore" });
  const hasCurl = await new Promise((resolve) => {
    found.once("error", () => resolve(false));
    found.once("exit", (code) => resolve(code === 0));
  });
  assert.ok(
    hasCurl,
    "The examples of docs/api.md are run with curl: install it, such as apt-get install curl",
  );
  return {
    variables,
    async run(block, until) {
      const lines = block.trim().split("\n");
      const output = await runCommands(lines.filter((line) => !FILLED.test(line)).join("\n"), {
        folder,
        variables,
        until,
      });
      for (const [, name, field] of lines
        .map((line) => FILLED.exec(line))
        .filter((match) => match !== null)) {
        const value: unknown = JSON.parse(output)[field];
        assert.equal(typeof value, "string", `${name} can't be filled: no "${field}" in ${output}`);
        variables[name] = String(value);
      }
      return output;
    },
  };
}

const TIMEOUT_MS = 300_000;

async function runCommands(
  commands: string,
  {
    folder,
    variables,
    until,
  }: { folder: string; variables: Record<string, string>; until?: (output: string) => boolean },
): Promise<string> {
  // A group of its own, so that what a pipe started ends with it.
  const child = spawn("sh", ["-euc", commands], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const end = () => {
    try {
      process.kill(-child.pid!, "SIGKILL");
    } catch {
      // What it printed last is read after its end.
    }
  };
  let [output, errors, isEnough] = ["", "", false];
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
    if (until?.(output) && !isEnough) {
      isEnough = true;
      end();
    }
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors += text;
  });
  const timer = setTimeout(end, TIMEOUT_MS);
  const [code] = await once(child, "close");
  clearTimeout(timer);
  assert.ok(code === 0 || isEnough, `ended with ${code}:\n${commands}\n${output}\n${errors}`);
  return output;
}
