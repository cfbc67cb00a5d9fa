import fs from "node:fs";
import path from "node:path";
import autocannon from "autocannon";
import { type ServerProcess, startServer } from "../test/support/server-process.ts";
import type { Figure } from "./figures.ts";
import { load } from "./load.ts";

const SECONDS = 10;
const ATTACKERS = 50;
/** What the design promises while the server is busy. */
const AIM_MS = 50;
const ADMIN = { email: "admin@example.com", password: "correct horse battery staple" };

const login = (url: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${url}/api/v1/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

/** Passwords are tried as fast as they go; every request of the swarm seems to come from an address of its own. */
function tryPasswords(url: string, isSwarm: boolean) {
  let count = 0;
  return autocannon({
    url: `${url}/api/v1/auth/login`,
    connections: ATTACKERS,
    duration: SECONDS,
    timeout: 30,
    requests: [
      {
        method: "POST",
        setupRequest(request) {
          count++;
          const address = isSwarm
            ? `10.${(count >> 16) & 255}.${(count >> 8) & 255}.${count & 255}`
            : "10.0.0.1";
          return {
            ...request,
            headers: { "Content-Type": "application/json", "X-Forwarded-For": address },
            body: JSON.stringify({
              email: `user${count % 1000}@example.com`,
              password: `guess number ${count}`,
            }),
          };
        },
      },
    ],
  });
}

async function underAttack(server: ServerProcess, name: string, isSwarm: boolean): Promise<Figure[]> {
  const attack = tryPasswords(server.url, isSwarm);
  const live = await load(`${server.url}/health/live`, { connections: 1, seconds: SECONDS - 1 });
  const { statusCodeStats = {}, requests } = await attack;
  const refused = (["429", "503"] as const).reduce(
    (sum, code) => sum + (statusCodeStats[code]?.count ?? 0),
    0,
  );
  if (requests.total === 0) throw new Error("No password was tried.");
  return [
    { name: `passwords tried ${name}`, value: requests.total / SECONDS, unit: "1/s" },
    { name: `of them refused unseen, ${name}`, value: (refused / requests.total) * 100, unit: "%" },
    { name: `p99 of /health/live meanwhile, ${name}`, value: live.p99Ms, unit: "ms", aim: AIM_MS },
  ];
}

/** What a server with accounts answers while passwords are tried at full speed, and what its limits cost. */
export async function measureBruteForce(idle: ServerProcess, parent: string): Promise<Figure[]> {
  await idle.stop();
  const folder = fs.mkdtempSync(path.join(parent, "brute-force-"));
  fs.chmodSync(folder, 0o755);
  const figures: Figure[] = [];
  for (const limit of ["0", "1000000"]) {
    const server = await startServer(folder, {
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      TRUST_PROXY: "1",
      LOG_LEVEL: "error",
      RATE_LIMIT_PER_MINUTE: limit,
      RATE_LIMIT_PER_HOUR: limit,
    });
    try {
      const signedIn = await login(
        server.url,
        { ...ADMIN, tokens: true },
        { "X-Forwarded-For": "192.0.2.1" },
      );
      const { accessToken } = (await signedIn.json()) as { accessToken: string };
      const own = { connections: 1, seconds: 5, headers: { Authorization: `Bearer ${accessToken}` } };
      const { p50Ms, perSecond } = await load(`${server.url}/api/v1/auth/me`, own);
      const name = `GET /api/v1/auth/me ${limit === "0" ? "without" : "with"} limits`;
      figures.push({ name: `${name}, p50`, value: p50Ms, unit: "ms" });
      figures.push({ name, value: perSecond, unit: "1/s" });
      if (limit === "0") continue;
      const quiet = await load(`${server.url}/health/live`, { connections: 1, seconds: 5 });
      figures.push({ name: "p99 of /health/live before", value: quiet.p99Ms, unit: "ms" });
      figures.push(...(await underAttack(server, "from one address", false)));
      figures.push(...(await underAttack(server, "from ever new addresses", true)));
    } finally {
      await server.stop();
    }
  }
  return figures;
}
