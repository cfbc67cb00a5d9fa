import { useSearchParams } from "wouter";
import type { ModelFilter, ModelSort } from "../../api/models.ts";

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

/** Search, tag and sort, kept in the address so that they survive a reload and can be passed on. */
export function useGalleryFilter() {
  const [params, setParams] = useSearchParams();
  const filter: Required<Pick<ModelFilter, "q" | "tag">> & { sort: Sort } = {
    q: params.get("q") ?? "",
    tag: params.get("tag") ?? "",
    sort: toSort(params.get("sort")),
  };

  const change = (part: Partial<typeof filter>) => {
    const next = { ...filter, ...part };
    const set = Object.entries(next).filter(
      ([key, value]) => value && !(key === "sort" && value === DEFAULT_SORT),
    );
    setParams(new URLSearchParams(set), { replace: true });
  };

  return { filter, change };
}
