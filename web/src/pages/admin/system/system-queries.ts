import { type Query, useQuery } from "@tanstack/react-query";
import { ApiError, TOO_MANY } from "../../../api/api-error.ts";
import { listProviders } from "../../../api/providers.ts";
import { queryKeys } from "../../../api/query-keys.ts";
import { getSystemInfo, getSystemStats } from "../../../api/system.ts";
import { describeError } from "../../../components/describe-error.ts";
import { showToast } from "../../../components/toasts.ts";
import { translator } from "../../../i18n/use-i18n.ts";
import { systemTranslator } from "./use-system-i18n.ts";

export const systemKeys = {
  all: ["system"],
  health: ["system", "health"],
  alerts: ["system", "alerts"],
  backups: ["system", "backups"],
  info: ["system", "info"],
  stats: ["system", "stats"],
  processes: ["system", "processes"],
  maintenance: ["system", "maintenance"],
  cache: ["system", "cache"],
  logLevel: ["system", "log-level"],
  logs: ["system", "logs"],
} as const;

const USUAL_WAIT_MS = 60_000;
/** What changes while one looks. */
export const BUSY_MS = 15_000;
/** What changes now and then. */
export const CALM_MS = 30_000;

/** Asks again every so many milliseconds, while the page is in sight; later where the server asked for patience. */
export const every =
  (ms: number) =>
  <T, K extends readonly unknown[]>({ state: { error } }: Query<T, Error, T, K>): number => {
    if (!(error instanceof ApiError) || error.status !== TOO_MANY) return ms;
    return Math.max(ms, error.retryAfterSeconds ? error.retryAfterSeconds * 1000 : USUAL_WAIT_MS);
  };

/** Says in passing that something could not be done. */
export function showFailure(error: unknown): void {
  const { title, hint } = describeError(error, translator());
  showToast({ title: `${systemTranslator()("failed")}: ${title}`, description: hint, tone: "error" });
}

export const useSystemInfo = () =>
  useQuery({
    queryKey: systemKeys.info,
    queryFn: ({ signal }) => getSystemInfo(signal),
    refetchInterval: every(CALM_MS),
  });

export const useSystemStats = () =>
  useQuery({
    queryKey: systemKeys.stats,
    queryFn: ({ signal }) => getSystemStats(signal),
    refetchInterval: every(BUSY_MS),
  });

/** What is left at the provider, in roubles; null where there is none to pay, or it can't be read. */
export function useBalance(): number | null {
  const { data } = useQuery({
    queryKey: queryKeys.providers,
    queryFn: ({ signal }) => listProviders(signal),
    refetchInterval: every(CALM_MS),
  });
  return data?.items.find(({ balanceRoubles }) => balanceRoubles !== null)?.balanceRoubles ?? null;
}
