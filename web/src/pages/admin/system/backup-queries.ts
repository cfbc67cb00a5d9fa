import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BackupStatus } from "../../../../../server/contract/backup.ts";
import {
  cancelBackup,
  createBackup,
  deleteBackup,
  getBackupStatus,
  listBackups,
  switchBackupSchedule,
  verifyBackup,
} from "../../../api/backups.ts";
import { showToast } from "../../../components/toasts.ts";
import { BUSY_MS, every, showFailure, systemKeys } from "./system-queries.ts";
import { systemTranslator } from "./use-system-i18n.ts";

export const backupKeys = {
  all: systemKeys.backups,
  status: [...systemKeys.backups, "status"],
  list: [...systemKeys.backups, "list"],
  restore: [...systemKeys.backups, "restore"],
} as const;

/** While something runs, besides the stream of its progress. */
const RUNNING_MS = 2000;

export const useBackupStatus = () =>
  useQuery({
    queryKey: backupKeys.status,
    queryFn: ({ signal }) => getBackupStatus(signal),
    refetchInterval: (query) => every(query.state.data?.current ? RUNNING_MS : BUSY_MS)(query),
  });

export const useBackups = () =>
  useQuery({
    queryKey: backupKeys.list,
    queryFn: ({ signal }) => listBackups(signal),
    refetchInterval: every(BUSY_MS),
  });

/** Makes, verifies, cancels and deletes backups, and switches their schedule. */
export function useBackupActions() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: backupKeys.all });
  const begin = {
    onSuccess: (current: BackupStatus["current"]) => {
      client.setQueryData<BackupStatus>(backupKeys.status, (status) => status && { ...status, current });
    },
    onError: showFailure,
    onSettled: refresh,
  };
  const create = useMutation({ mutationFn: createBackup, ...begin });
  const verify = useMutation({ mutationFn: verifyBackup, ...begin });
  const cancel = useMutation({ mutationFn: cancelBackup, onError: showFailure, onSettled: refresh });
  const remove = useMutation({
    mutationFn: deleteBackup,
    onSuccess: () => {
      showToast({ title: systemTranslator()("backups.deleted") });
      return refresh();
    },
    onError: showFailure,
  });
  const schedule = useMutation({
    mutationFn: switchBackupSchedule,
    onSuccess: (_, running) => {
      showToast({ title: systemTranslator()(running ? "backups.scheduleOn" : "backups.scheduleStopped") });
    },
    onError: showFailure,
    onSettled: () => client.invalidateQueries({ queryKey: systemKeys.all }),
  });
  return { create, verify, cancel, remove, schedule };
}
