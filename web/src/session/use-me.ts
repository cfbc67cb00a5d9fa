import { useQuery } from "@tanstack/react-query";
import { getMe, type Me } from "../api/account.ts";

export const ME_KEY = ["me"];

/** The person who has signed in; asked for again when the page is looked at, which tells of an ended sign-in. */
export function useMe() {
  return useQuery<Me>({
    queryKey: ME_KEY,
    queryFn: ({ signal }) => getMe(signal),
    refetchOnWindowFocus: "always",
  });
}
