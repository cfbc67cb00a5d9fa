import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useRef } from "react";
import type { Model } from "../../../../server/contract/model.ts";
import { prepareExport } from "../../api/exports.ts";
import { checkPrint, repairPrint } from "../../api/print.ts";
import { fileName } from "../../viewer/file-name.ts";
import { Button } from "../button.tsx";
import { ErrorNotice } from "../error-notice.tsx";
import { downloadFile } from "./download-file.ts";
import styles from "./model-facts.module.css";
import own from "./print-panel.module.css";
import { PrintResult } from "./print-result.tsx";
import { stepLines } from "./print-words.ts";
import { usePrintI18n } from "./use-print-i18n.ts";

const FORMATS = ["stl", "3mf"] as const;

/** Whether the model prints, why not, and a repaired copy of it to take along. */
export function PrintPanel({ model }: { model: Model }) {
  const { p, language } = usePrintI18n();
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that was pressed goes; the focus must not go with it.
  const onSuccess = () => heading.current?.focus();
  const check = useMutation({ mutationFn: () => checkPrint(model.id), onSuccess });
  const repair = useMutation({ mutationFn: () => repairPrint(model.id), onSuccess });
  const save = useMutation({
    mutationFn: async (format: (typeof FORMATS)[number]) => {
      const url = model.exports[`print-${format}`]!.url;
      await prepareExport(url);
      downloadFile(url, fileName(model.name, "print", format));
    },
  });
  const isBusy = check.isPending || repair.isPending || save.isPending;
  return (
    <section className={styles.card}>
      <h2 ref={heading} tabIndex={-1}>
        {p("title")}
      </h2>
      <p className={styles.soft}>{p("text")}</p>
      {check.data && !repair.data && <PrintResult check={check.data} />}
      {repair.data && (
        <>
          <PrintResult check={repair.data.check} repaired />
          <h3>{p("steps.title")}</h3>
          <ul className={own.list}>
            {stepLines(repair.data.steps, p, language).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      )}
      <p className="visually-hidden" role="status">
        {check.isPending && p("checking")}
        {repair.isPending && p("repairing")}
        {save.isPending && p("preparing")}
      </p>
      {[check, repair, save].map(
        ({ error }, index) => error && <ErrorNotice key={["check", "repair", "save"][index]} error={error} />,
      )}
      <div className={own.actions}>
        {!check.data && !repair.data && (
          <Button aria-disabled={isBusy} onClick={() => isBusy || check.mutate()}>
            {check.isPending ? p("checking") : p("check")}
          </Button>
        )}
        {!repair.data && (
          <Button
            variant={check.data?.printable === false ? "primary" : "plain"}
            aria-disabled={isBusy}
            onClick={() => isBusy || repair.mutate()}
          >
            {repair.isPending ? p("repairing") : p("repair")}
          </Button>
        )}
        {repair.data &&
          FORMATS.map((format) => (
            <Button key={format} aria-disabled={isBusy} onClick={() => isBusy || save.mutate(format)}>
              <Download size={18} aria-hidden />
              {save.isPending && save.variables === format ? p("preparing") : p(`download.${format}`)}
            </Button>
          ))}
      </div>
      {!repair.data && <p className={styles.soft}>{p("repairText")}</p>}
    </section>
  );
}
