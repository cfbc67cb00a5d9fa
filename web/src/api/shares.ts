import type { z } from "zod";
import type { CreateShare, Share, SharePage, UpdateShare } from "../../../server/contract/share.ts";
import type { ShareSubject } from "../components/share/share-subject.ts";
import { API, request } from "./client.ts";

type NewShare = z.input<typeof CreateShare>;
export type ShareChange = z.input<typeof UpdateShare>;

const ofModel = (id: string) => `${API}/models/${id}/shares`;
const SHARES = `${API}/shares`;

/** Links to one model, or the galleries that were shared, newest first. */
export const listShares = (subject: ShareSubject, signal?: AbortSignal): Promise<z.infer<typeof SharePage>> =>
  request(`${subject.kind === "model" ? ofModel(subject.id) : SHARES}?limit=100`, signal ? { signal } : {});

export function createShare(subject: ShareSubject, body: NewShare): Promise<Share> {
  if (subject.kind === "model") return request(ofModel(subject.id), { method: "POST", body });
  const gallery =
    subject.kind === "tag" ? { title: subject.tag, tag: subject.tag } : { modelIds: [...subject.ids] };
  return request(SHARES, { method: "POST", body: { ...gallery, ...body } });
}

export const updateShare = ({ id }: Share, body: ShareChange): Promise<Share> =>
  request(`${SHARES}/${id}`, { method: "PATCH", body });

export const deleteShare = ({ id }: Share): Promise<void> => request(`${SHARES}/${id}`, { method: "DELETE" });
