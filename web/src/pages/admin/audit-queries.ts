import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type AuditFilter, listAudit, listUsers } from "../../api/admin.ts";
import { nameOf } from "./admin-queries.ts";

const MOST_USERS = 100;

/** What fits, the newest first, a page at a time. */
export const useAudit = (filter: AuditFilter) =>
  useInfiniteQuery({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam, signal }) => listAudit(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    // What was done a moment ago, on another page, is there at once.
    staleTime: 0,
  });

/** The newest members, to be offered as a filter, and what they are called by their id. */
export function useKnownMembers() {
  const { data } = useQuery({
    queryKey: ["users", "known"],
    queryFn: ({ signal }) => listUsers({ limit: MOST_USERS }, signal),
  });
  const members = data?.items ?? [];
  return { members, names: new Map(members.map((member) => [member.id, nameOf(member)])) };
}
