import { LoaderCircle, TriangleAlert, WifiOff } from "lucide-react";
import { useEffect } from "react";
import type { LoadProgress } from "./fetch-model.ts";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import styles from "./viewer.module.css";
import type { ViewerErrorCode } from "./viewer-error.ts";

/** How far the download is; without a known size it says how much has come. */
export function LoadingStatus({ progress, label }: { progress: LoadProgress; label: string }) {
  const { language } = useViewerI18n();
  const { fraction, bytes } = progress;
  const percent = new Intl.NumberFormat(language, { style: "percent" }).format(fraction ?? 0);
  const megabytes = new Intl.NumberFormat(language, {
    style: "unit",
    unit: "megabyte",
    maximumFractionDigits: 1,
  }).format(bytes / 1e6);
  const measure = fraction === null ? (bytes > 0 ? megabytes : "") : fraction < 1 ? percent : "";
  return (
    <div className={styles.loading}>
      <LoaderCircle size={18} className={styles.spinner} aria-hidden />
      <span>
        {label} {measure}
      </span>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={fraction === null ? undefined : Math.round(fraction * 100)}
        className={styles.progress}
      >
        <div style={{ transform: `scaleX(${fraction ?? 0.1})` }} />
      </div>
    </div>
  );
}

type FailureProps = { code: ViewerErrorCode; url: string; onRetry: () => void };

const CANNOT_RETRY: readonly ViewerErrorCode[] = ["missing", "unreadable", "no-webgl"];
const CANNOT_DOWNLOAD: readonly ViewerErrorCode[] = ["offline", "missing", "unreachable", "refused"];

/** What happened and what to do next; an offline viewer tries again by itself. */
export function Failure({ code, url, onRetry }: FailureProps) {
  const { t } = useViewerI18n();
  const Icon = code === "offline" ? WifiOff : TriangleAlert;

  useEffect(() => {
    if (code !== "offline") return;
    window.addEventListener("online", onRetry);
    return () => window.removeEventListener("online", onRetry);
  }, [code, onRetry]);

  return (
    <div role="alert" className={styles.failure}>
      <Icon size={28} aria-hidden />
      <p className={styles.failureTitle}>{t(`viewer.errors.${code}.title`)}</p>
      <p>{t(`viewer.errors.${code}.text`)}</p>
      <div className={styles.failureActions}>
        {!CANNOT_RETRY.includes(code) && (
          <button type="button" className={styles.primary} onClick={onRetry}>
            {t("viewer.retry")}
          </button>
        )}
        {!CANNOT_DOWNLOAD.includes(code) && (
          <a className={styles.secondary} href={url} download>
            {t("viewer.download")}
          </a>
        )}
      </div>
    </div>
  );
}
