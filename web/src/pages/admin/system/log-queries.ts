import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { LogLevelName } from "../../../../../server/contract/logs.ts";
import { getLogLevel, readLog, setLogLevel } from "../../../api/system.ts";
import { showToast } from "../../../components/toasts.ts";
import { CALM_MS, every, showFailure, systemKeys } from "./system-queries.ts";
import { systemTranslator } from "./use-system-i18n.ts";

const LOG_MS = 4000;

export const useLogLevel = () =>
  useQuery({
    queryKey: systemKeys.logLevel,
    queryFn: ({ signal }) => getLogLevel(signal),
    refetchInterval: every(CALM_MS),
  });

export function useLogLevelChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: setLogLevel,
    onSuccess: (state) => {
      const s = systemTranslator();
      showToast({ title: s("log.levelSet", { level: s(`log.levels.${state.level}`) }) });
      client.setQueryData(systemKeys.logLevel, state);
    },
    onError: showFailure,
  });
}

/** The newest lines that fit; nothing is asked for while `isPaused`. */
export const useLog = (filter: { lines: number; level: LogLevelName; q: string }, isPaused: boolean) =>
  useQuery({
    queryKey: [...systemKeys.logs, filter],
    queryFn: ({ signal }) => readLog(filter, signal),
    refetchInterval: isPaused ? false : every(LOG_MS),
    refetchOnWindowFocus: !isPaused,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
