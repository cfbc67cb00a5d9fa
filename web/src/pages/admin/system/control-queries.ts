import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ProcessName } from "../../../../../server/contract/system.ts";
import {
  getMaintenance,
  listProcesses,
  setMaintenance,
  sweepOrphans,
  switchProcess,
} from "../../../api/system.ts";
import { showToast } from "../../../components/toasts.ts";
import { CALM_MS, every, showFailure, systemKeys } from "./system-queries.ts";
import { systemTranslator } from "./use-system-i18n.ts";

export const useProcesses = () =>
  useQuery({
    queryKey: systemKeys.processes,
    queryFn: ({ signal }) => listProcesses(signal),
    refetchInterval: every(CALM_MS),
  });

/** Switches a process on or off for all replicas. */
export function useProcessSwitch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, isOn }: { name: ProcessName; isOn: boolean }) => switchProcess(name, isOn),
    onSuccess: (_, { name, isOn }) => {
      const s = systemTranslator();
      showToast({
        title: s(isOn ? "processes.started" : "processes.stopped", { name: s(`processes.names.${name}`) }),
      });
    },
    onError: showFailure,
    onSettled: () => client.invalidateQueries({ queryKey: systemKeys.all }),
  });
}

/** What the store and the records don't agree about; asked for by a person, never by itself. */
export const useOrphanSweep = () => useMutation({ mutationFn: sweepOrphans, onError: showFailure });

export const useMaintenance = () =>
  useQuery({
    queryKey: systemKeys.maintenance,
    queryFn: ({ signal }) => getMaintenance(signal),
    refetchInterval: every(CALM_MS),
  });

export function useMaintenanceSwitch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: setMaintenance,
    onSuccess: (state) => {
      showToast({ title: systemTranslator()(state.enabled ? "maintenance.on" : "maintenance.off") });
      client.setQueryData(systemKeys.maintenance, state);
      return client.invalidateQueries({ queryKey: ["auth-state"] });
    },
    onError: showFailure,
  });
}
