import { leaseServer } from "./database-server.ts";

/** Keeps the tests' PostgreSQL up from one test file to the next, until the standard input ends. */
const { release } = await leaseServer();
process.stdin.resume().once("close", release);
