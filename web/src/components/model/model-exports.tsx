import type { ExportKind, Model } from "../../../../server/contract/model.ts";
import rows from "./export-row.module.css";
import { ExportRow } from "./export-row.tsx";
import styles from "./model-facts.module.css";
import { useExportI18n } from "./use-export-i18n.ts";

/** In the order in which people ask for them; what is repaired for printing has a place of its own. */
const KINDS = [
  "usdz",
  "ar",
  "stl",
  "3mf",
  "obj",
  "compatible",
  "turntable",
] as const satisfies readonly ExportKind[];
export type ListedKind = (typeof KINDS)[number];

/** Every format that the server makes on demand, with what it is for. */
export function ModelExports({ model }: { model: Model }) {
  const { e } = useExportI18n();
  return (
    <>
      <h3>{e("title")}</h3>
      <p className={styles.soft}>{e("text")}</p>
      <ul className={rows.list}>
        {KINDS.map((kind) => {
          const file = model.exports[kind];
          // A new address is a new file: what was said of the old one no longer holds.
          return (
            file && <ExportRow key={`${kind} ${model.updatedAt}`} model={model} kind={kind} file={file} />
          );
        })}
      </ul>
    </>
  );
}
