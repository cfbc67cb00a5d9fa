import type { Reach } from "../../../../server/contract/share.ts";
import { Notice } from "../notice.tsx";
import { useSharingI18n } from "./use-sharing-i18n.ts";

/** Says honestly who can't open the links of this server. */
export function ReachNotice({ reach }: { reach: Reach | undefined }) {
  const { s } = useSharingI18n();
  if (!reach || reach === "public") return null;
  return (
    <Notice tone="warn" title={s(reach)}>
      {s(`${reach}Text`)}
    </Notice>
  );
}
