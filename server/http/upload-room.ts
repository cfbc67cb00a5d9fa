import type { Request } from "express";
import { AppError } from "../errors.ts";
import type { Caller } from "../policies/caller.ts";
import type { StorageQuota } from "../services/storage-quota.ts";
import type { Storage } from "../storage/storage.ts";
import type { UploadRules } from "./upload.ts";

/** Receives an upload where there is room for it, by the user's quota and on the disk. */
export type WithRoom = <T>(
  rules: UploadRules,
  request: Request,
  caller: Caller,
  receive: () => Promise<T>,
) => Promise<T>;

interface Deps {
  storage: Storage;
  quota: StorageQuota;
  /** Bytes that stay free for results of paid work, which are kept in any case. */
  reserveBytes: number;
}

/**
 * Looks before anything is read, and reckons with what others are sending at that moment.
 * @throws AppError `storage-quota`, `disk-full`, what `receive` throws
 */
export function createUploadRoom({ storage, quota, reserveBytes }: Deps): WithRoom {
  let expectedBytes = 0;
  return async (rules, request, caller, receive) => {
    if (rules.isKept) await quota.refuseFull(caller.userId);
    const declared = Number(request.get("content-length"));
    const bytes = declared > 0 ? Math.min(declared, rules.maxBytes) : rules.maxBytes;
    const free = await storage.freeBytes();
    if (free - expectedBytes - bytes < reserveBytes) throw new AppError("disk-full");
    expectedBytes += bytes;
    try {
      return await receive();
    } finally {
      expectedBytes -= bytes;
    }
  };
}
