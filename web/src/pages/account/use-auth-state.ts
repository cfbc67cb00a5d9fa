import { useQuery } from "@tanstack/react-query";
import { getAuthState } from "../../api/account.ts";

/** How this server is used: whether it has an administrator, takes new people, and can send mail. */
export function useAuthState() {
  return useQuery({ queryKey: ["auth-state"], queryFn: ({ signal }) => getAuthState(signal) });
}
