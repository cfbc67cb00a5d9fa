import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { clearCache, getCacheStats, warmUpCache } from "../../../api/system.ts";
import { showToast } from "../../../components/toasts.ts";
import { BUSY_MS, every, showFailure, systemKeys } from "./system-queries.ts";
import { systemTranslator } from "./use-system-i18n.ts";

export const useCacheStats = () =>
  useQuery({
    queryKey: systemKeys.cache,
    queryFn: ({ signal }) => getCacheStats(signal),
    refetchInterval: every(BUSY_MS),
  });

export function useCacheActions() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: systemKeys.cache });
  const clear = useMutation({
    mutationFn: clearCache,
    onSuccess: ({ removed }) => {
      showToast({ title: systemTranslator()("cache.cleared", { count: removed }) });
      return refresh();
    },
  });
  const warmUp = useMutation({
    mutationFn: warmUpCache,
    onSuccess: ({ values }) => {
      const s = systemTranslator();
      const failed = values.filter(({ ok }) => !ok).length;
      if (failed > 0) showToast({ title: s("cache.warmedPartly", { count: failed }), tone: "error" });
      else showToast({ title: s("cache.warmed", { count: values.length }) });
      return refresh();
    },
    onError: showFailure,
  });
  return { clear, warmUp };
}
