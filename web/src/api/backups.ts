import type { Backup, BackupList, BackupRun, BackupStatus } from "../../../server/contract/backup.ts";
import type { DecideRestore, RestoreBackup, RestoreStatus } from "../../../server/contract/restore.ts";
import type { Language } from "../hooks/settings.ts";
import { query, request } from "./client.ts";

const BACKUP = "/api/system/backup";
const RESTORE = `${BACKUP}/restore`;

const get = <T>(path: string, signal?: AbortSignal): Promise<T> => request(path, signal ? { signal } : {});

const post = <T>(path: string, body: object = {}): Promise<T> => request(path, { method: "POST", body });

/** Where what runs is told, as server-sent events; they can't carry a header for the language. */
export const backupEvents = (lang: Language) => `${BACKUP}/events${query({ lang })}`;

/** The address of a backup as a file. */
export const backupUrl = (filename: string): string => `${BACKUP}/${encodeURIComponent(filename)}`;

export const getBackupStatus = (signal?: AbortSignal) => get<BackupStatus>(`${BACKUP}/status`, signal);

export const listBackups = (signal?: AbortSignal) => get<BackupList>(`${BACKUP}/list`, signal);

export const createBackup = (verify: boolean) => post<BackupRun>(`${BACKUP}/create`, { verify });

export const verifyBackup = ({ filename, foreign = false }: { filename: string; foreign?: boolean }) =>
  post<BackupRun>(`${BACKUP}/verify/${encodeURIComponent(filename)}`, { foreign });

export const cancelBackup = () => post<unknown>(`${BACKUP}/cancel`);

export const switchBackupSchedule = (running: boolean) =>
  post<BackupStatus>(`${BACKUP}/schedule`, { running });

/** The last one that was proved whole goes only by `force`. */
export const deleteBackup = ({ filename, isLastVerified }: Backup): Promise<void> =>
  request(`${backupUrl(filename)}${query({ force: isLastVerified ? "true" : null })}`, { method: "DELETE" });

export const getRestoreStatus = (signal?: AbortSignal) => get<RestoreStatus>(RESTORE, signal);

export const startRestore = (filename: string, body: RestoreBackup) =>
  post<RestoreStatus>(`${RESTORE}/${encodeURIComponent(filename)}`, body);

/** Keeps the restored state, or brings the former one back. */
export const decideRestore = (decision: "confirm" | "undo", body: DecideRestore) =>
  post<RestoreStatus>(`${RESTORE}/${decision}`, body);
