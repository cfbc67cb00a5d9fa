import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState } from "react";
import type { Generation } from "../../../server/contract/generation.ts";
import { API, query } from "../api/client.ts";
import { rememberGeneration } from "../api/generation-cache.ts";
import { queryKeys } from "../api/query-keys.ts";
import { sessionGuard } from "../api/send.ts";
import { useSettings } from "./settings.ts";

/** "connecting" only until the first try has ended one way or the other. */
export type FeedState = "connecting" | "live" | "lost";

const FeedContext = createContext<FeedState>("connecting");
export const FeedProvider = FeedContext.Provider;

const REOPEN_MS = 5_000;
const POLL_MS = 3_000;
/** While the stream lives, asking is only a safety net. */
const SAFETY_POLL_MS = 30_000;

/** Whether news of generations arrives by itself at the moment. */
export function useFeedState(): FeedState {
  return useContext(FeedContext);
}

/** How often a view of something that is being made should ask for news, in milliseconds. */
export function usePollInterval(): number {
  return useFeedState() === "live" ? SAFETY_POLL_MS : POLL_MS;
}

/**
 * Listens to the server's event stream while the page is visible and keeps what is remembered of generations fresh.
 * A hidden page lets its connection go (a browser has few for each server) and catches up when it is seen again.
 * @returns the state of the stream; while it does not live, views ask by themselves
 */
export function useGenerationFeed(
  onChange: (generation: Generation, before?: Generation) => void,
): FeedState {
  const client = useQueryClient();
  const { language } = useSettings();
  const [state, setState] = useState<FeedState>("connecting");

  useEffect(() => {
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** Counts closings, so that an opening that had to wait knows whether it is still wanted. */
    let turn = 0;

    const close = () => {
      turn += 1;
      clearTimeout(timer);
      source?.close();
      source = null;
    };
    const open = async () => {
      close();
      if (document.hidden) return;
      const mine = turn;
      const guard = sessionGuard();
      if (guard) await guard.ready();
      if (mine !== turn) return;
      source = new EventSource(`${API}/generations/events${query({ lang: language })}`);
      source.addEventListener("open", () => {
        setState("live");
        void client.invalidateQueries({ queryKey: queryKeys.generations });
      });
      source.addEventListener("generation", (event) => {
        const generation = JSON.parse(event.data) as Generation;
        onChange(generation, rememberGeneration(client, generation));
      });
      source.addEventListener("error", () => {
        setState("lost");
        // The browser reconnects by itself unless the answer was an error.
        if (source?.readyState !== EventSource.CLOSED) return;
        timer = setTimeout(open, REOPEN_MS);
        void sessionGuard()?.probe();
      });
    };

    void open();
    document.addEventListener("visibilitychange", open);
    window.addEventListener("online", open);
    return () => {
      document.removeEventListener("visibilitychange", open);
      window.removeEventListener("online", open);
      close();
    };
  }, [client, language, onChange]);

  return state;
}
