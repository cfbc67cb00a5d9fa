import { AppError } from "./errors.ts";

/** Whether this is a system error with one of these codes, for example `ENOENT`. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? "");
}

/** Whether the file system has no room, quota or allowed file size left. */
export const isDiskFull = (error: unknown): boolean => hasCode(error, "ENOSPC", "EDQUOT", "EFBIG");

/** Says `disk-full` where the file system has no room or quota left; rethrows everything else as it is. */
export function rethrowDiskFull(error: unknown): never {
  if (isDiskFull(error)) throw new AppError("disk-full", { cause: error });
  throw error;
}
