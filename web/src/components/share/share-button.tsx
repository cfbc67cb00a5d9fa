import { Share2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { loadView } from "../../load-view.ts";
import { Button } from "../button.tsx";
import { ErrorBoundary } from "../error-boundary.tsx";
import { Spinner } from "../spinner.tsx";
import type { ShareSubject } from "./share-subject.ts";
import { useSharingI18n } from "./use-sharing-i18n.ts";

const ShareDialog = lazy(() => loadView(() => import("./share-dialog.tsx")));

/** Opens the dialog of links; its code comes at the first press. */
export function ShareButton({ subject }: { subject: ShareSubject }) {
  const { s } = useSharingI18n();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)} aria-haspopup="dialog">
        <Share2 size={18} aria-hidden /> {s("share")}
      </Button>
      {open && (
        <ErrorBoundary resetKey={String(open)} fallback={<p role="alert">{s("failed")}</p>}>
          <Suspense fallback={<Spinner label={s("share")} />}>
            <ShareDialog subject={subject} onClose={() => setOpen(false)} />
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}
