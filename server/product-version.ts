import { readFileSync } from "node:fs";
import path from "node:path";

/** The product's version, as its package says. */
export const readVersion = (): string => {
  const file = path.resolve(import.meta.dirname, "../package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
};
