import { ArrowLeftRight } from "lucide-react";
import { useMemo, useState } from "react";
import { useSearchParams } from "wouter";
import type { Model } from "../../../../server/contract/model.ts";
import { Button } from "../../components/button.tsx";
import { Page, PageHeading } from "../../components/page.tsx";
import { createCameraLink } from "../../viewer/camera-link.ts";
import styles from "./compare.module.css";
import { CompareSide } from "./compare-side.tsx";
import { useCompareI18n } from "./use-compare-i18n.ts";
import { useComparedModel } from "./use-compared-model.ts";

/** Width, height and depth in metres that hold both models. */
function commonFrame(models: readonly Model[]): [number, number, number] {
  const sizes = models.map(({ stats: { boundingBoxMetres: box } }) =>
    box.max.map((value, axis) => value - box.min[axis]),
  );
  const most = (axis: number) => Math.max(...sizes.map((size) => size[axis]));
  return [most(0), most(1), most(2)];
}

/** Two models side by side; the address names them, so that it can be passed on. */
export default function ComparePage() {
  const { t } = useCompareI18n();
  const [params, setParams] = useSearchParams();
  const [linked, setLinked] = useState(true);
  const [sameScale, setSameScale] = useState(false);
  const ids = [params.get("a"), params.get("b")] as const;
  const left = useComparedModel(ids[0]);
  const right = useComparedModel(ids[1]);
  const link = useMemo(() => (linked ? createCameraLink(sameScale) : undefined), [linked, sameScale]);
  const both = left.data && right.data ? [left.data, right.data] : null;
  const frame = useMemo(
    () => (both && sameScale ? commonFrame(both) : undefined),
    [both?.[0], both?.[1], sameScale],
  );

  const choose = (a: string | null, b: string | null) => {
    const given = Object.entries({ a, b }).filter((entry): entry is [string, string] => Boolean(entry[1]));
    setParams(new URLSearchParams(given), { replace: true });
  };

  return (
    <Page title={t("compare.title")}>
      <article className={styles.page}>
        <header>
          <PageHeading>{t("compare.title")}</PageHeading>
          <p className={styles.soft}>{t("compare.hint")}</p>
        </header>
        <div className={styles.controls}>
          <label className={styles.check}>
            <input type="checkbox" checked={linked} onChange={(event) => setLinked(event.target.checked)} />
            {t("compare.linked")}
          </label>
          <label className={styles.check}>
            <input
              type="checkbox"
              checked={sameScale}
              onChange={(event) => setSameScale(event.target.checked)}
            />
            {t("compare.sameScale")}
          </label>
          <Button disabled={!ids[0] && !ids[1]} onClick={() => choose(ids[1], ids[0])}>
            <ArrowLeftRight size={18} aria-hidden /> {t("compare.swap")}
          </Button>
        </div>
        <div className={styles.sides}>
          <CompareSide
            label={t("compare.first")}
            found={left}
            {...{ link, frame }}
            onChoose={(id) => choose(id, ids[1])}
          />
          <CompareSide
            label={t("compare.second")}
            found={right}
            {...{ link, frame }}
            onChoose={(id) => choose(ids[0], id)}
          />
        </div>
      </article>
    </Page>
  );
}
