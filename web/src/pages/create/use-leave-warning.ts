import { useEffect } from "react";
import { isEditable, type PhotoDraft } from "./photo-drafts.ts";

/** Asks before the page is closed while photos are on their way: what has not arrived yet would be lost. */
export function useLeaveWarning(drafts: readonly PhotoDraft[]): void {
  const sending = drafts.some((draft) => !isEditable(draft) && draft.sending.state !== "sent");
  useEffect(() => {
    if (!sending) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [sending]);
}
