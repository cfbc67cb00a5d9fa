import { BEHAVIOURS, type BehaviourName } from "./behaviours.ts";
import { startFakeGenapi } from "./server.ts";

/**
 * A GenAPI on this machine for development: `node test/support/fake-genapi/main.ts [port] [behaviour]`.
 * GENAPI_API_KEY is the key it wants. The first line of its output is the address of its API; every photo gets the same model after 20 seconds.
 */
const [port = "3999", behaviour = "realistic"] = process.argv.slice(2);
if (!(behaviour in BEHAVIOURS)) {
  console.error(`There is no behaviour "${behaviour}". Known: ${Object.keys(BEHAVIOURS).join(", ")}.`);
  process.exit(1);
}
const fake = await startFakeGenapi({ port: Number(port), key: process.env.GENAPI_API_KEY || undefined });
fake.script(behaviour as BehaviourName);
console.log(`${fake.url}/api/v1`);
console.log(`Fake GenAPI is running. Key: ${fake.key}. Files: ${fake.fileUrl}. Behaviour: ${behaviour}.`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void fake.dispose());
