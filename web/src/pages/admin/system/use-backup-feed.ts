import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { BackupRun, BackupStatus } from "../../../../../server/contract/backup.ts";
import { backupEvents } from "../../../api/backups.ts";
import { sessionGuard } from "../../../api/send.ts";
import { showToast } from "../../../components/toasts.ts";
import { useSettings } from "../../../hooks/settings.ts";
import { backupKeys } from "./backup-queries.ts";
import { systemTranslator } from "./use-system-i18n.ts";

/** Says how a run ended. */
function tellEnd({ state, task, error }: BackupRun): void {
  const s = systemTranslator();
  if (state === "succeeded")
    showToast({ title: s(task === "create" ? "backups.run.done" : "backups.run.doneVerify") });
  if (state === "canceled") showToast({ title: s("backups.run.canceled") });
  if (state === "failed") {
    const title = s(task === "create" ? "backups.run.failedCreate" : "backups.run.failedVerify");
    showToast({ title, ...(error && { description: error }), tone: "error" });
  }
}

/** Follows what runs by the server's stream while the page is in sight; asking now and then goes on besides. */
export function useBackupFeed(status: BackupStatus | undefined): void {
  const client = useQueryClient();
  const { language } = useSettings();
  const running = status?.current?.id ?? null;
  useEffect(() => {
    if (!running) return;
    let source: EventSource | null = null;
    let isOver = false;
    const open = async () => {
      source?.close();
      source = null;
      if (document.hidden) return;
      await sessionGuard()?.ready();
      if (isOver) return;
      source = new EventSource(backupEvents(language));
      source.addEventListener("backup", (event) => {
        client.setQueryData(backupKeys.status, JSON.parse(event.data) as BackupStatus);
      });
    };
    void open();
    document.addEventListener("visibilitychange", open);
    return () => {
      isOver = true;
      document.removeEventListener("visibilitychange", open);
      source?.close();
    };
  }, [client, running, language]);

  // A run that was seen running is told of once it is the last one.
  const seen = useRef<string | null>(null);
  const last = status?.last;
  useEffect(() => {
    if (running) {
      seen.current = running;
    } else if (last && last.id === seen.current) {
      seen.current = null;
      tellEnd(last);
      void client.invalidateQueries({ queryKey: backupKeys.list });
    }
  }, [client, running, last]);
}
