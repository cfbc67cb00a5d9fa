import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { MonitoredService } from "../../../../../server/contract/monitor.ts";
import {
  checkHealth,
  getHealth,
  getHealthHistory,
  listPastAlerts,
  switchMonitor,
} from "../../../api/system.ts";
import { showToast } from "../../../components/toasts.ts";
import { BUSY_MS, CALM_MS, every, showFailure, systemKeys } from "./system-queries.ts";
import { systemTranslator } from "./use-system-i18n.ts";

export const useHealth = () =>
  useQuery({
    queryKey: systemKeys.health,
    queryFn: ({ signal }) => getHealth(signal),
    refetchInterval: every(BUSY_MS),
  });

/** The history of a service over the last `hours`. */
export const useHealthHistory = (service: MonitoredService, hours: number) =>
  useQuery({
    queryKey: [...systemKeys.health, service, hours],
    queryFn: ({ signal }) => getHealthHistory(service, hours, signal),
    refetchInterval: every(CALM_MS),
    placeholderData: keepPreviousData,
  });

/** Looks at everything now, and turns the monitor on and off for all replicas. */
export function useMonitorActions() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: systemKeys.all });
  const check = useMutation({
    mutationFn: checkHealth,
    onSuccess: ({ services }) => {
      const s = systemTranslator();
      const troubled = services.filter(({ status }) => status === "degraded" || status === "unhealthy");
      if (troubled.length === 0) showToast({ title: s("health.checked") });
      else showToast({ title: s("health.checkedTrouble", { count: troubled.length }) });
      return refresh();
    },
    onError: showFailure,
  });
  const turn = useMutation({
    mutationFn: switchMonitor,
    onSuccess: ({ running }) => {
      showToast({ title: systemTranslator()(running ? "health.monitorOn" : "health.monitorOff") });
      return refresh();
    },
    onError: showFailure,
  });
  return { check, turn };
}

/** Alerts that are over, a page at a time; asked for when somebody wants to see them. */
export const usePastAlerts = (isWanted: boolean) =>
  useInfiniteQuery({
    queryKey: systemKeys.alerts,
    queryFn: ({ pageParam, signal }) => listPastAlerts(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled: isWanted,
  });
