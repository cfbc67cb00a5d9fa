import { useState } from "react";
import type { Cutout } from "../../../../server/contract/generation.ts";
import { ApiError } from "../../api/api-error.ts";
import { Button } from "../../components/button.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { type Key, useI18n } from "../../i18n/use-i18n.ts";
import styles from "./cutout-preview.module.css";
import type { PhotoDraft } from "./photo-drafts.ts";
import { useCutout } from "./use-cutout.ts";

const UNSURE_BELOW = 0.5;

function judge(cutout: Cutout, boxed: boolean): Key {
  if (cutout.mode === "relief") return "cutout.relief";
  if (cutout.confidence < UNSURE_BELOW) return "cutout.unsure";
  return boxed ? "cutout.boxed" : "cutout.good";
}

/** The local generator's cut-out; on demand where there are many photos. */
export function CutoutPreview({ draft, eager }: { draft: PhotoDraft; eager: boolean }) {
  const { t } = useI18n();
  const [asked, setAsked] = useState(eager);
  const wanted = asked || draft.box !== null;
  const { data, error, isFetching, isPlaceholderData, refetch } = useCutout(draft, wanted);

  if (!wanted) {
    return (
      <div className={styles.preview}>
        <p className={styles.title}>{t("cutout.title")}</p>
        <div className={styles.picture}>
          <Button onClick={() => setAsked(true)}>{t("cutout.show")}</Button>
        </div>
      </div>
    );
  }
  if (error && !isFetching) {
    const passing = !(error instanceof ApiError) || error.retryable;
    return passing ? (
      <ErrorNotice error={error} title={t("cutout.failed")} onRetry={() => void refetch()} />
    ) : (
      <ErrorNotice error={error} />
    );
  }
  return (
    <div className={styles.preview}>
      <p className={styles.title}>{t("cutout.title")}</p>
      <div className={styles.picture}>
        {data && (
          <img
            src={data.image}
            alt={t("cutout.alt")}
            width={data.width}
            height={data.height}
            className={isPlaceholderData ? styles.stale : undefined}
          />
        )}
        {(!data || isPlaceholderData) && (
          <div className={styles.wait}>
            <Spinner label={t("cutout.making")} />
          </div>
        )}
      </div>
      <p className={styles.note} role="status">
        {data && t(judge(data, draft.box !== null))}
      </p>
    </div>
  );
}
