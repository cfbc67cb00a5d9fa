import { useState } from "react";
import { Link } from "wouter";
import { Button } from "../../components/button.tsx";
import { shownSize } from "../../components/model/shown-size.ts";
import { ViewerSlot } from "../../components/model/viewer-slot.tsx";
import { Notice } from "../../components/notice.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { paths } from "../../paths.ts";
import type { ViewerProps } from "../../viewer/viewer.tsx";
import styles from "./compare.module.css";
import { ModelPicker } from "./model-picker.tsx";
import { useCompareI18n } from "./use-compare-i18n.ts";
import type { useComparedModel } from "./use-compared-model.ts";

type CompareSideProps = Pick<ViewerProps, "link" | "frame"> & {
  label: string;
  found: ReturnType<typeof useComparedModel>;
  onChoose: (id: string) => void;
};

/** One of the two: its name and size, its view, and the way to another model. */
export function CompareSide({ label, found, link, frame, onChoose }: CompareSideProps) {
  const { t, language } = useCompareI18n();
  const { data: model, error, isLoading } = found;
  const [choosing, setChoosing] = useState(false);
  const isOpen = choosing || (!model && !isLoading);

  return (
    <section className={styles.side} aria-label={label}>
      {model && (
        <div className={styles.head}>
          <div className={styles.names}>
            <h2>
              <Link href={paths.model(model.id)}>{model.name}</Link>
            </h2>
            <p className={styles.soft}>{t("compare.size", { size: shownSize(model, language) })}</p>
          </div>
          <Button aria-expanded={choosing} onClick={() => setChoosing(!choosing)}>
            {t("compare.change")}
          </Button>
        </div>
      )}
      {error && (
        <Notice tone="warn" role="alert">
          {t("compare.gone")}
        </Notice>
      )}
      {isLoading && <Spinner label={t("compare.loading")} />}
      {isOpen && (
        <ModelPicker
          onChoose={(id) => {
            setChoosing(false);
            onChoose(id);
          }}
        />
      )}
      {model && (
        <div className={styles.viewer}>
          <ViewerSlot key={model.id} model={model} link={link} frame={frame} options={OPTIONS} />
        </div>
      )}
    </section>
  );
}

/** A floor is in the way where the two stand at scales of their own. */
const OPTIONS: ViewerProps["options"] = { grid: false };
