import { AppError } from "./errors.ts";

/** Whether this is a system error with one of these codes, for example `ENOENT`. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? "");
}

/** Says `disk-full` where the file system has no room or quota left; rethrows everything else as it is. */
export function rethrowDiskFull(error: unknown): never {
  if (hasCode(error, "ENOSPC", "EDQUOT")) throw new AppError("disk-full", { cause: error });
  throw error;
}
