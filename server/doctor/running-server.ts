import type { Config } from "../config.ts";

/** Where a server with these settings is addressed from this machine. */
export function addressOf({ host, port }: Config["listen"]): string {
  const name = { "0.0.0.0": "127.0.0.1", "::": "[::1]" }[host] ?? (host.includes(":") ? `[${host}]` : host);
  return `http://${name}:${port}`;
}
