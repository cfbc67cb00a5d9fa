import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { DecideRestore, RestoreBackup } from "../../../../../server/contract/restore.ts";
import { decideRestore, getRestoreStatus, startRestore } from "../../../api/backups.ts";
import { showToast } from "../../../components/toasts.ts";
import { backupKeys } from "./backup-queries.ts";
import { BUSY_MS, every } from "./system-queries.ts";
import { systemTranslator } from "./use-system-i18n.ts";

const RUNNING_MS = 1500;

export const useRestoreStatus = () =>
  useQuery({
    queryKey: backupKeys.restore,
    queryFn: ({ signal }) => getRestoreStatus(signal),
    refetchInterval: (query) => every(query.state.data?.state === "running" ? RUNNING_MS : BUSY_MS)(query),
  });

export type Decision = "confirm" | "undo";

/** Begins a restore, and ends it one way or the other. The dialogs show what goes wrong. */
export function useRestoreActions() {
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: ({ filename, body }: { filename: string; body: RestoreBackup }) =>
      startRestore(filename, body),
    onSettled: () => client.invalidateQueries({ queryKey: backupKeys.all }),
  });
  const decide = useMutation({
    mutationFn: ({ decision, body }: { decision: Decision; body: DecideRestore }) =>
      decideRestore(decision, body),
    onSuccess: (_, { decision }) => {
      const s = systemTranslator();
      showToast({
        title: s(decision === "confirm" ? "backups.restoring.keepDone" : "backups.restoring.undoDone"),
      });
      // All that the page remembers is of the other state.
      return client.invalidateQueries();
    },
  });
  return { start, decide };
}
