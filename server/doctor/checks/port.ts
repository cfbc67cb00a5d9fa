import { createServer } from "node:net";
import { hasCode } from "../../system-errors.ts";
import { type Check, ok, problem } from "../check.ts";
import { addressOf } from "../running-server.ts";

const TIMEOUT_MS = 3000;

/** Whether the port is free, or taken by this product. */
export const port: Check = {
  name: "port",
  async run({ config: { listen } }) {
    const { host, port } = listen;
    const failure = await tryToListen(host, port);
    if (!failure) return [ok(`Port ${port} of ${host} is free.`)];
    if (!hasCode(failure, "EADDRINUSE")) {
      return [problem(`${host}:${port} can't be listened on: ${failure.message}`, "Check HOST and PORT.")];
    }
    if (await isOurs(host, port)) return [ok(`The product is running on port ${port}.`)];
    const cure = `Stop that program, or choose another port: PORT=${port + 1}`;
    return [problem(`Port ${port} is taken by another program.`, cure)];
  },
};

function tryToListen(host: string, port: number): Promise<Error | null> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", resolve);
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

async function isOurs(host: string, port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = (await (await fetch(`${addressOf({ host, port })}/api`, { signal })).json()) as {
      name?: string;
    };
    return answer.name === "photo-to-3d";
  } catch {
    return false;
  }
}
