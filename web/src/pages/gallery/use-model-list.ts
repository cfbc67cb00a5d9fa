import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { listModels, type ModelFilter } from "../../api/models.ts";
import { queryKeys } from "../../api/query-keys.ts";

const PAGE_SIZE = 24;

/** Models by filter, a page at a time. */
export function useModelList(filter: ModelFilter) {
  return useInfiniteQuery({
    queryKey: queryKeys.modelList(filter),
    queryFn: ({ pageParam, signal }) =>
      listModels({ ...filter, limit: PAGE_SIZE, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}
