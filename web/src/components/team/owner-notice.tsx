import type { Model } from "../../../../server/contract/model.ts";
import { useStore } from "../../hooks/use-store.ts";
import { session } from "../../session/session-store.ts";
import { Notice } from "../notice.tsx";
import { useTeamI18n } from "./use-team-i18n.ts";

/** Whose model it is, where it is somebody else's, and what that means. */
export function OwnerNotice({ model: { owner, canChange, visibility } }: { model: Model }) {
  const { m } = useTeamI18n();
  const state = useStore(session);
  if (state.kind !== "in" || state.userId === owner.id) return null;
  const name = owner.name ?? m("someone");
  return (
    <Notice title={m(visibility === "team" ? "sharedBy" : "ownedBy", { name })}>
      {m(canChange ? "ownedByHint" : "sharedByHint")}
    </Notice>
  );
}
