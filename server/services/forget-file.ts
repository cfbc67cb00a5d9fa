import { AppError } from "../errors.ts";
import type { Storage } from "../storage/storage.ts";

/**
 * Removes a file that no record names any more. What happened to the records stands: a store that is away keeps the
 * file until the daily sweep, which finds no record of it.
 */
export async function forgetFile(storage: Storage, key: string): Promise<void> {
  try {
    await storage.remove(key);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "storage-unavailable") throw error;
  }
}
