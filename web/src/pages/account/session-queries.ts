import { useQuery } from "@tanstack/react-query";
import { listSessions } from "../../api/account.ts";

export const SESSIONS_KEY = ["sessions"];

/** Where the person is signed in. */
export function useSessions() {
  return useQuery({ queryKey: SESSIONS_KEY, queryFn: ({ signal }) => listSessions(signal) });
}
