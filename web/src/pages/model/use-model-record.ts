import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { ApiError } from "../../api/api-error.ts";
import { modelRecordQuery, patchModelRecord } from "../../api/model-record.ts";
import { type ModelChange, restoreModel, trashModel } from "../../api/models.ts";
import { queryKeys } from "../../api/query-keys.ts";

export const isConflict = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 412 || error.code === "precondition-failed");

/** The model with its version, what changes it, and what everyone else on the page has to forget then. */
export function useModelRecord(id: string) {
  const client = useQueryClient();
  const wanted = modelRecordQuery(id);
  const { queryKey: key } = wanted;
  const query = useQuery(wanted);

  const forgetLists = useCallback(async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: queryKeys.models }),
      client.invalidateQueries({ queryKey: queryKeys.tags }),
    ]);
  }, [client]);

  const change = useMutation({
    mutationFn: (part: ModelChange) => patchModelRecord(id, part, query.data?.etag ?? null),
    onSuccess: async (record) => {
      client.setQueryData(key, record);
      await forgetLists();
    },
  });
  const forgetAll = async () => {
    await client.invalidateQueries({ queryKey: queryKeys.model(id) });
    await forgetLists();
  };
  const restore = useMutation({ mutationFn: () => restoreModel(id), onSuccess: forgetAll });
  const trash = useMutation({ mutationFn: () => trashModel(id), onSuccess: forgetAll });

  return { query, change, restore, trash };
}
