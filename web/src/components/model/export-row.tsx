import { useQueryClient } from "@tanstack/react-query";
import { Download, FileCog } from "lucide-react";
import type { ExportView, Model } from "../../../../server/contract/model.ts";
import { queryKeys } from "../../api/query-keys.ts";
import { formatBytes } from "../../i18n/format.ts";
import { fileName } from "../../viewer/file-name.ts";
import { ErrorNotice } from "../error-notice.tsx";
import own from "./export-row.module.css";
import type { ListedKind } from "./model-exports.tsx";
import styles from "./model-facts.module.css";
import { useDownload } from "./use-download.ts";
import { useExportI18n } from "./use-export-i18n.ts";

/** What comes after the model's name. */
const ENDINGS: Record<ListedKind, [suffix: string, extension: string]> = {
  usdz: ["", "usdz"],
  ar: ["ar", "glb"],
  stl: ["", "stl"],
  "3mf": ["", "3mf"],
  obj: ["", "obj.zip"],
  compatible: ["compatible", "glb"],
  turntable: ["turntable", "webp"],
};

interface ExportRowProps {
  model: Model;
  kind: ListedKind;
  file: ExportView;
}

/** A link to a file; one that is not there yet is made first, and then saved. */
export function ExportRow({ model, kind, file }: ExportRowProps) {
  const { e, language } = useExportI18n();
  const client = useQueryClient();
  const name = fileName(model.name, ...ENDINGS[kind]);
  const isMade = file.bytes !== null;
  const prepare = useDownload(
    file.url,
    name,
    () => isMade || client.invalidateQueries({ queryKey: queryKeys.model(model.id) }),
  );

  return (
    <li className={own.row}>
      {/* One element in all states, so that the focus stays where it is. */}
      <a
        href={file.url}
        download={name}
        className={styles.download}
        aria-busy={prepare.isPending}
        onClick={prepare.onClick}
      >
        <Icon isMade={isMade} isPending={prepare.isPending} />
        <span className={styles.downloadName}>{e(`kinds.${kind}.name`)}</span>
        <span className={styles.downloadHint}>
          {prepare.isPending ? e("preparing") : e(`kinds.${kind}.hint`)}
        </span>
        {file.bytes !== null && (
          <span className={styles.downloadSize}>{formatBytes(file.bytes, language)}</span>
        )}
      </a>
      <p className="visually-hidden" role="status">
        {prepare.isPending && e("preparing")}
        {prepare.isSuccess && e("ready", { name: e(`kinds.${kind}.name`) })}
      </p>
      {prepare.isError && <ErrorNotice error={prepare.error} onRetry={prepare.retry} />}
    </li>
  );
}

function Icon({ isMade, isPending }: { isMade: boolean; isPending: boolean }) {
  if (isPending) return <span className={own.ring} aria-hidden />;
  return isMade ? <Download size={20} aria-hidden /> : <FileCog size={20} aria-hidden />;
}
