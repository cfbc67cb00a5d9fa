import type { Model } from "../../../../server/contract/model.ts";
import { paths } from "../../paths.ts";
import { ButtonLink } from "../button.tsx";
import { Notice } from "../notice.tsx";
import { useModelI18n } from "./use-model-i18n.ts";

const SOURCES = ["alpha", "background", "saliency", "centre", "box"] as const;
const LOW_CONFIDENCE = 0.6;

/** Says of a model made offline what is known, what is guessed, and how to do better. */
export function HonestyNotice({ model }: { model: Model }) {
  const { t, language } = useModelI18n();
  const { localReport: report, generationId } = model;
  if (!report) return null;
  const source = SOURCES.find((name) => name === report.maskSource) ?? "other";
  const confidence = new Intl.NumberFormat(language, { style: "percent" }).format(report.confidence);
  const unsure = report.mode === "relief" || report.confidence < LOW_CONFIDENCE;
  return (
    <Notice
      tone={unsure ? "warn" : "plain"}
      title={t("model.honesty.title")}
      actions={
        generationId && (
          <ButtonLink href={`${paths.create}?again=${generationId}`}>{t("model.honesty.again")}</ButtonLink>
        )
      }
    >
      <p>
        {t(`model.honesty.${report.mode}`)} {report.scaleAssumed && t("model.honesty.scale")}
      </p>
      <p>
        {report.mode === "object" &&
          t("model.honesty.mask", { source: t(`model.honesty.sources.${source}`), confidence })}{" "}
        {unsure && t(`model.honesty.unsure.${report.mode}`)}
      </p>
      <p>{t("model.honesty.ai")}</p>
    </Notice>
  );
}
