import { useSearchParams } from "wouter";
import { OWNERS, type Owner } from "../../../../server/contract/access.ts";
import type { ModelFilter, ModelSort } from "../../api/models.ts";
import { useStore } from "../../hooks/use-store.ts";
import { hasAccounts } from "../../session/has-accounts.ts";
import { role } from "../../session/role.ts";

export const SORTS = {
  "-createdAt": "newest",
  createdAt: "oldest",
  "-updatedAt": "changed",
  name: "nameUp",
  "-name": "nameDown",
} as const satisfies Partial<Record<ModelSort, string>>;
export type Sort = keyof typeof SORTS;

const DEFAULT_SORT: Sort = "-createdAt";

function toSort(text: string | null): Sort {
  return text && text in SORTS ? (text as Sort) : DEFAULT_SORT;
}

/** Whose models: one's own unless the address says otherwise, the team's for who has none. */
function toOwner(text: string | null, isViewer: boolean): Owner | undefined {
  if (!hasAccounts) return undefined;
  return OWNERS.find((owner) => owner === text) ?? (isViewer ? "team" : "me");
}

/** Whose, search, tag and sort, kept in the address so that they survive a reload and can be passed on. */
export function useGalleryFilter() {
  const [params, setParams] = useSearchParams();
  const owner = toOwner(params.get("owner"), useStore(role) === "viewer");
  const filter: Required<Pick<ModelFilter, "q" | "tag">> & { sort: Sort; owner: Owner | undefined } = {
    owner,
    q: params.get("q") ?? "",
    tag: params.get("tag") ?? "",
    sort: toSort(params.get("sort")),
  };

  const change = (part: Partial<typeof filter>) => {
    const next = { ...filter, owner: params.get("owner") ?? "", ...part };
    const set = Object.entries(next).filter(
      (entry): entry is [string, string] =>
        Boolean(entry[1]) && !(entry[0] === "sort" && entry[1] === DEFAULT_SORT),
    );
    setParams(new URLSearchParams(set), { replace: true });
  };

  return { filter, change };
}
