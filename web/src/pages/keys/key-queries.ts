import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ApiKey } from "../../../../server/contract/api-key.ts";
import {
  createApiKey,
  listApiKeys,
  listProviderKeys,
  removeProviderKey,
  revokeApiKey,
  saveProviderKey,
} from "../../api/keys.ts";
import { listProviders } from "../../api/providers.ts";
import { queryKeys } from "../../api/query-keys.ts";
import { describeError } from "../../components/describe-error.ts";
import { showToast } from "../../components/toasts.ts";
import { translator } from "../../i18n/use-i18n.ts";
import { keysTranslator } from "./use-keys-i18n.ts";

const API_KEYS = ["api-keys"];
const OWN_KEYS = ["provider-keys"];

export const PROVIDER = "genapi";

function showFailure(error: unknown): void {
  const { title, hint } = describeError(error, translator());
  showToast({ title: `${keysTranslator()("api.failed")}: ${title}`, description: hint, tone: "error" });
}

/** A person's API keys, a page at a time. */
export const useApiKeys = () =>
  useInfiniteQuery({
    queryKey: API_KEYS,
    queryFn: ({ pageParam, signal }) => listApiKeys(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

/** Makes API keys and revokes them. */
export function useApiKeyActions() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: API_KEYS });
  const create = useMutation({ mutationFn: createApiKey, onSuccess: refresh });
  const revoke = useMutation({
    mutationFn: ({ id }: ApiKey) => revokeApiKey(id),
    onSuccess: (_, { name }) => {
      showToast({ title: keysTranslator()("api.revoked", { name }) });
      return refresh();
    },
    onError: showFailure,
  });
  return { create, revoke };
}

/** The person's own key of the provider, `null` without one, and how the provider is then seen. */
export function useOwnKey() {
  const keys = useQuery({ queryKey: OWN_KEYS, queryFn: ({ signal }) => listProviderKeys(signal) });
  const providers = useQuery({
    queryKey: queryKeys.providers,
    queryFn: ({ signal }) => listProviders(signal),
  });
  return {
    ...keys,
    ownKey: keys.data?.items.find(({ provider }) => provider === PROVIDER) ?? null,
    provider: providers.data?.items.find(({ id }) => id === PROVIDER) ?? null,
  };
}

/** Saves the person's own key of the provider, and removes it. */
export function useOwnKeyActions() {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all([OWN_KEYS, queryKeys.providers].map((queryKey) => client.invalidateQueries({ queryKey })));
  const say = (what: "own.done" | "own.removed") => () => {
    showToast({ title: keysTranslator()(what) });
    return refresh();
  };
  const save = useMutation({
    mutationFn: (key: string) => saveProviderKey(PROVIDER, key),
    onSuccess: say("own.done"),
  });
  const remove = useMutation({
    mutationFn: () => removeProviderKey(PROVIDER),
    onSuccess: say("own.removed"),
    onError: showFailure,
  });
  return { save, remove };
}
