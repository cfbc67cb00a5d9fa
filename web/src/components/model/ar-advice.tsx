import type { Model } from "../../../../server/contract/model.ts";
import { Notice } from "../notice.tsx";
import { useModelI18n } from "./use-model-i18n.ts";

/** What the AR viewers of phones may not like about the model, and what to do about it. */
export function ArAdvice({ model: { arAdvice } }: { model: Model }) {
  const { t, language } = useModelI18n();
  if (arAdvice.length === 0) return null;
  return (
    <Notice title={t("model.arAdvice")}>
      {arAdvice.map(({ code, text }) => (
        <p key={code}>{text[language]}</p>
      ))}
    </Notice>
  );
}
