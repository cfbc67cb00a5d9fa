import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { DeliveryState, Webhook, WebhookDelivery } from "../../../../server/contract/webhook.ts";
import { getDelivery, getWebhook, listDeliveries, listWebhooks } from "../../api/webhooks.ts";

/** What is remembered of the server; everything below a webhook is asked again together. */
export const webhookKeys = {
  all: ["webhooks"],
  one: (id: string) => ["webhooks", id],
  deliveries: (id: string) => ["webhooks", id, "deliveries"],
} as const;

const WAITING_MS = 2000;
const CALM_MS = 15_000;
const SOON_MS = 60_000;

/** Looks more often while something is on its way. */
const pace = (isWaiting: boolean) => (isWaiting ? WAITING_MS : CALM_MS);

const isFresh = ({ recentDeliveries }: Webhook) =>
  recentDeliveries.some(
    ({ state, createdAt }) => state === "pending" && Date.now() - Date.parse(createdAt) < SOON_MS,
  );

const isDue = ({ nextAttemptAt }: WebhookDelivery) =>
  nextAttemptAt !== null && Math.abs(Date.parse(nextAttemptAt) - Date.now()) < SOON_MS;

export const useWebhooks = () =>
  useQuery({
    queryKey: webhookKeys.all,
    queryFn: ({ signal }) => listWebhooks(signal),
    refetchInterval: ({ state }) => pace(state.data?.items.some(isFresh) ?? false),
  });

export const useWebhook = (id: string) =>
  useQuery({
    queryKey: webhookKeys.one(id),
    queryFn: ({ signal }) => getWebhook(id, signal),
    refetchInterval: ({ state }) => pace(state.data !== undefined && isFresh(state.data)),
  });

/** The log of a webhook, a page at a time. */
export const useDeliveries = (id: string, status: DeliveryState | null) =>
  useInfiniteQuery({
    queryKey: [...webhookKeys.deliveries(id), status],
    queryFn: ({ pageParam, signal }) => listDeliveries(id, { status, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => pace(state.data?.pages[0]?.items.some(isDue) ?? false),
  });

export const useDelivery = (id: string, deliveryId: string, attemptCount: number) =>
  useQuery({
    queryKey: [...webhookKeys.one(id), "delivery", deliveryId, attemptCount],
    queryFn: ({ signal }) => getDelivery(id, deliveryId, signal),
    placeholderData: keepPreviousData,
  });
