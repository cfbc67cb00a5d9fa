import { useQuery } from "@tanstack/react-query";
import { getModelRecord } from "../../api/model-record.ts";
import { queryKeys } from "../../api/query-keys.ts";

/** A model by its id; nothing is asked without one. */
export function useComparedModel(id: string | null) {
  return useQuery({
    queryKey: [...queryKeys.model(id ?? ""), "record"],
    queryFn: ({ signal }) => getModelRecord(id!, signal),
    select: ({ model }) => model,
    enabled: id !== null,
  });
}
