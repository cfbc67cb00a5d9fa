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
  const { name } = owner;
  const title = () => {
    if (visibility === "team") return name ? m("sharedBy", { name }) : m("shared");
    return name ? m("ownedBy", { name }) : m("ownedBySomeone");
  };
  return <Notice title={title()}>{m(canChange ? "ownedByHint" : "sharedByHint")}</Notice>;
}
