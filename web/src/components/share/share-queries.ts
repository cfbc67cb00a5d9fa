import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Share } from "../../../../server/contract/share.ts";
import { createShare, deleteShare, listShares, type ShareChange, updateShare } from "../../api/shares.ts";
import type { ShareSubject } from "./share-subject.ts";

const sameModels = (a: readonly string[] | null, b: readonly string[]) => a?.join() === b.join();

/** Whether the link shows this subject; the list of galleries holds links to others too. */
function shows(share: Share, subject: ShareSubject): boolean {
  if (subject.kind === "model") return share.modelId === subject.id;
  if (subject.kind === "tag") return share.tag === subject.tag;
  return sameModels(share.modelIds, subject.ids);
}

/** The links to a subject, newest first, and what changes them. */
export function useShares(subject: ShareSubject) {
  const client = useQueryClient();
  const key = ["shares", subject.kind === "model" ? subject.id : "galleries"];
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => listShares(subject, signal),
    select: ({ items }) => items.filter((share) => shows(share, subject)),
  });
  const onSuccess = () => client.invalidateQueries({ queryKey: key });
  const create = useMutation({
    mutationFn: (expiresInDays: number | null) => createShare(subject, { expiresInDays }),
    onSuccess,
  });
  const update = useMutation({
    mutationFn: ({ share, change }: { share: Share; change: ShareChange }) => updateShare(share, change),
    onSuccess,
  });
  const revoke = useMutation({ mutationFn: deleteShare, onSuccess });
  return { query, create, update, revoke };
}
