import { useMayMake } from "../../session/role.ts";
import { Notice } from "../notice.tsx";
import { useTeamI18n } from "./use-team-i18n.ts";

/** Says to whoever may only look why there is nothing to press here. */
export function ViewerNotice({ about }: { about: "models" | "webhooks" | "trash" }) {
  const { m } = useTeamI18n();
  if (useMayMake()) return null;
  if (about === "models") return <Notice title={m("viewerTitle")}>{m("viewerHint")}</Notice>;
  return <Notice>{m(about === "webhooks" ? "viewerWebhooks" : "viewerTrash")}</Notice>;
}
