import type { Model } from "../../../../server/contract/model.ts";
import { paths } from "../../paths.ts";
import { ButtonLink } from "../button.tsx";
import { Notice } from "../notice.tsx";
import { useModelI18n } from "./use-model-i18n.ts";

/** What looks wrong with the shape, and what usually helps. */
export function RemarkNotices({ model: { remarks, generationId } }: { model: Model }) {
  const { t } = useModelI18n();
  return remarks.map((remark) => (
    <Notice
      key={remark}
      tone="warn"
      title={t(`model.remarks.${remark}.title`)}
      actions={
        (remark === "flat" || remark === "slab") &&
        generationId && <ButtonLink href={paths.again(generationId)}>{t("model.honesty.again")}</ButtonLink>
      }
    >
      {t(`model.remarks.${remark}.text`)}
    </Notice>
  ));
}
