import { Download } from "lucide-react";
import { lazy, Suspense } from "react";
import type { FileKind, Model } from "../../../../server/contract/model.ts";
import { formatBytes } from "../../i18n/format.ts";
import { loadView } from "../../load-view.ts";
import { fileName } from "../../viewer/file-name.ts";
import { ErrorBoundary } from "../error-boundary.tsx";
import { ErrorNotice } from "../error-notice.tsx";
import styles from "./model-facts.module.css";
import { useDownload } from "./use-download.ts";
import { useModelI18n } from "./use-model-i18n.ts";

const ModelExports = lazy(async () => ({
  default: (await loadView(() => import("./model-exports.tsx"))).ModelExports,
}));
const KINDS = ["glb", "original"] as const satisfies readonly FileKind[];
const EXTENSION = /\.([a-z0-9]{2,5})(?:$|\?)/i;

/** The files to take along, with their size. */
export function ModelDownloads({ model }: { model: Model }) {
  const { t } = useModelI18n();
  return (
    <section className={styles.card}>
      <h2>{t("model.downloads.title")}</h2>
      <ul className={styles.downloads}>
        {KINDS.map((kind) => {
          const file = model.files[kind];
          if (!file) return null;
          const extension = EXTENSION.exec(file.url)?.[1] ?? "glb";
          return (
            <FileRow
              key={kind}
              kind={kind}
              file={file}
              name={fileName(model.name, kind === "original" ? "original" : "", extension)}
            />
          );
        })}
      </ul>
      <ErrorBoundary resetKey={model.id} fallback={null}>
        <Suspense>
          <ModelExports model={model} />
        </Suspense>
      </ErrorBoundary>
    </section>
  );
}

type FileRowProps = { kind: (typeof KINDS)[number]; file: { url: string; bytes: number }; name: string };

function FileRow({ kind, file, name }: FileRowProps) {
  const { t, language } = useModelI18n();
  const download = useDownload(file.url, name);
  return (
    <li className={styles.fileRow}>
      <a href={file.url} download={name} className={styles.download} onClick={download.onClick}>
        <Download size={20} aria-hidden />
        <span className={styles.downloadName}>{t(`model.downloads.${kind}`)}</span>
        <span className={styles.downloadSize}>{formatBytes(file.bytes, language)}</span>
        <span className={styles.downloadHint}>{t(`model.downloads.${kind}Hint`)}</span>
      </a>
      {download.isError && <ErrorNotice error={download.error} onRetry={download.retry} />}
    </li>
  );
}
