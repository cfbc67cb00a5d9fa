import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Generation } from "../../../../server/contract/generation.ts";
import { rememberGeneration } from "../../api/generation-cache.ts";
import { cancelGeneration, retryGeneration } from "../../api/generations.ts";
import { queryKeys } from "../../api/query-keys.ts";
import { describeError } from "../../components/describe-error.ts";
import { showToast } from "../../components/toasts.ts";
import { translator } from "../../i18n/use-i18n.ts";

function showFailure(error: unknown): void {
  const { title, hint } = describeError(error, translator());
  showToast({ title, description: hint, tone: "error" });
}

/** Cancel and retry. What the server says about the charge is shown as it says it. */
export function useGenerationActions(id: string) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: queryKeys.generations });

  const cancel = useMutation({
    mutationFn: () => cancelGeneration(id),
    onSuccess: ({ generation, message }) => {
      rememberGeneration(client, generation);
      showToast({ title: message });
    },
    onError: showFailure,
    onSettled: refresh,
  });

  const retry = useMutation({
    mutationFn: (shown: Generation["retry"]) => retryGeneration(id, shown),
    onSuccess: (generation) => rememberGeneration(client, generation),
    onError: showFailure,
    onSettled: refresh,
  });

  return { cancel, retry };
}
