import { startEmbeddedPostgres } from "../../server/database/embedded.ts";

// Holds the built-in database of a folder in a process of its own, until its standard input closes.
try {
  const { url, adopted, dispose } = await startEmbeddedPostgres({ dataFolder: process.argv[2] });
  console.log(JSON.stringify({ url, adopted }));
  for await (const _ of process.stdin);
  await dispose();
} catch (error) {
  console.log(JSON.stringify({ error: (error as Error).message }));
}
