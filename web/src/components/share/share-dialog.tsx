import { Dialog } from "@base-ui/react/dialog";
import { Tabs } from "@base-ui/react/tabs";
import { X } from "lucide-react";
import { useState } from "react";
import type { Share } from "../../../../server/contract/share.ts";
import dialog from "../../pages/gallery/dialog.module.css";
import { ConfirmDialog } from "../../pages/webhooks/confirm-dialog.tsx";
import { buttonClass } from "../button.tsx";
import { ErrorNotice } from "../error-notice.tsx";
import { Spinner } from "../spinner.tsx";
import { showToast } from "../toasts.ts";
import { EmbedPanel } from "./embed-panel.tsx";
import { ReachNotice } from "./reach-notice.tsx";
import styles from "./share.module.css";
import { ShareForm } from "./share-form.tsx";
import { ShareItem } from "./share-item.tsx";
import { useShares } from "./share-queries.ts";
import type { ShareSubject } from "./share-subject.ts";
import { type SharingTranslate, useSharingI18n } from "./use-sharing-i18n.ts";

function titleOf(subject: ShareSubject, s: SharingTranslate): string {
  if (subject.kind === "model") return s("titleModel", { name: subject.name });
  if (subject.kind === "tag") return s("titleTag", { name: subject.tag });
  return s("titleModels", { count: subject.ids.length });
}

const INTROS = { model: "intro", tag: "introTag", models: "introModels" } as const;

interface ShareDialogProps {
  subject: ShareSubject;
  onClose: () => void;
}

/** Links to a model or a gallery: making, passing on, taking back, showing on a site. */
export default function ShareDialog({ subject, onClose }: ShareDialogProps) {
  const { s } = useSharingI18n();
  const { query, create, update, revoke } = useShares(subject);
  const [ending, setEnding] = useState<Share | null>(null);
  const shares = query.data ?? [];
  const error = create.error ?? revoke.error;
  const title = titleOf(subject, s);
  const frameTitle = subject.kind === "model" ? subject.name : subject.kind === "tag" ? subject.tag : "3D";

  const end = (share: Share) => {
    setEnding(null);
    revoke.mutate(share, { onSuccess: () => showToast({ title: s("revoked") }) });
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={`${dialog.popup} ${styles.popup}`}>
          <div className={styles.head}>
            <Dialog.Title className={styles.title}>{title}</Dialog.Title>
            <Dialog.Close className={buttonClass("quiet", true)} aria-label={s("close")}>
              <X size={20} aria-hidden />
            </Dialog.Close>
          </div>
          <Tabs.Root defaultValue="link" className={styles.stack}>
            <Tabs.List className={styles.tabs}>
              <Tabs.Tab value="link" className={styles.tab}>
                {s("tabs.link")}
              </Tabs.Tab>
              <Tabs.Tab value="embed" className={styles.tab}>
                {s("tabs.embed")}
              </Tabs.Tab>
            </Tabs.List>
            <ReachNotice reach={shares[0]?.reachable} />
            <Tabs.Panel value="link" className={styles.stack}>
              <Dialog.Description className={styles.soft}>{s(INTROS[subject.kind])}</Dialog.Description>
              <ShareForm creating={create.isPending} onCreate={(days) => create.mutate(days)} />
              {error && <ErrorNotice error={error} title={s("failed")} />}
              {query.isPending && <Spinner label={s("links")} />}
              {query.isError && (
                <ErrorNotice
                  error={query.error}
                  title={s("loadFailed")}
                  onRetry={() => void query.refetch()}
                />
              )}
              {shares.length > 0 && (
                <ul className={styles.list} aria-label={s("links")}>
                  {shares.map((share) => (
                    <ShareItem key={share.id} share={share} onRevoke={() => setEnding(share)} />
                  ))}
                </ul>
              )}
            </Tabs.Panel>
            <Tabs.Panel value="embed">
              <EmbedPanel shares={shares} title={frameTitle} update={update} />
            </Tabs.Panel>
          </Tabs.Root>
          {ending && (
            <ConfirmDialog
              title={s("revokeTitle")}
              hint={s("revokeHint")}
              confirm={s("revoke")}
              variant="danger"
              onConfirm={() => end(ending)}
              onClose={() => setEnding(null)}
            />
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
