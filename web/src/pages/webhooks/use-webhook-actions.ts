import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  createWebhook,
  deleteWebhook,
  type NewWebhook,
  replayDelivery,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
  type WebhookChange,
} from "../../api/webhooks.ts";
import { describeError } from "../../components/describe-error.ts";
import { showToast } from "../../components/toasts.ts";
import { translator } from "../../i18n/use-i18n.ts";
import { webhookTranslator } from "./use-webhook-i18n.ts";
import { webhookKeys } from "./webhook-queries.ts";

type DoneKey = Exclude<keyof typeof import("../../locales/webhooks-en.ts")["webhooksEn"]["done"], "failed">;

function showFailure(error: unknown): void {
  const { title, hint } = describeError(error, translator());
  showToast({ title: `${webhookTranslator()("done.failed")}: ${title}`, description: hint, tone: "error" });
}

/** What can be done with webhooks. Each says what it did; forms show their own errors. */
export function useWebhookActions() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: webhookKeys.all });
  const say = (key: DoneKey) => async () => {
    showToast({ title: webhookTranslator()(`done.${key}`) });
    await refresh();
  };

  const create = useMutation({
    mutationFn: (webhook: NewWebhook) => createWebhook(webhook),
    onSuccess: refresh,
  });
  const save = useMutation({
    mutationFn: ({ id, change }: { id: string; change: WebhookChange }) => updateWebhook(id, change),
    onSuccess: say("saved"),
  });
  const enable = useMutation({
    mutationFn: (id: string) => updateWebhook(id, { enabled: true }),
    onSuccess: say("enabled"),
    onError: showFailure,
  });
  const pause = useMutation({
    mutationFn: (id: string) => updateWebhook(id, { enabled: false }),
    onSuccess: say("paused"),
    onError: showFailure,
  });
  const rotate = useMutation({ mutationFn: rotateWebhookSecret, onSuccess: refresh, onError: showFailure });
  const remove = useMutation({
    mutationFn: deleteWebhook,
    onSuccess: async () => {
      showToast({ title: webhookTranslator()("done.deleted") });
      // The list alone: what is deleted can't be asked for again.
      await client.invalidateQueries({ queryKey: webhookKeys.all, exact: true });
    },
    onError: showFailure,
  });
  const test = useMutation({ mutationFn: testWebhook, onSuccess: say("tested"), onError: showFailure });
  const replay = useMutation({
    mutationFn: ({ id, deliveryId }: { id: string; deliveryId: string }) => replayDelivery(id, deliveryId),
    onSuccess: say("replayed"),
    onError: showFailure,
  });
  return { create, save, enable, pause, rotate, remove, test, replay };
}
