import { useEffect } from "react";
import { useStore } from "../../hooks/use-store.ts";
import { isEditable, photoDrafts } from "./photo-drafts.ts";

/** Asks before the page is closed while photos are on their way: what has not arrived yet would be lost. */
export function useLeaveWarning(): void {
  const sending = useStore(photoDrafts).some((draft) => !isEditable(draft) && draft.sending.state !== "sent");
  useEffect(() => {
    if (!sending) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [sending]);
}
