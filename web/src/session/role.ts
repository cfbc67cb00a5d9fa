import type { Role } from "../../../server/contract/access.ts";
import { createStore } from "../hooks/store.ts";
import { useStore } from "../hooks/use-store.ts";

/** What the person may do at most; null where nobody signs in, or it is not known yet. */
export const role = createStore<Role | null>(null);

/** Whether there is any use in offering to make models. */
export const useMayMake = (): boolean => useStore(role) !== "viewer";
