import type { Model } from "../../../../server/contract/model.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { paths } from "../../paths.ts";
import { ButtonLink } from "../button.tsx";
import { Notice } from "../notice.tsx";

/** What looks wrong with the shape, and what usually helps. */
export function RemarkNotices({ model: { remarks, generationId } }: { model: Model }) {
  const { t } = useI18n();
  return remarks.map((remark) => (
    <Notice
      key={remark}
      tone="warn"
      title={t(`model.remarks.${remark}.title`)}
      actions={
        remark === "flat" &&
        generationId && <ButtonLink href={paths.again(generationId)}>{t("model.honesty.again")}</ButtonLink>
      }
    >
      {t(`model.remarks.${remark}.text`)}
    </Notice>
  ));
}
