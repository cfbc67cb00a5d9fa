import { type FormEvent, useId, useState } from "react";
import { Button } from "../button.tsx";
import type { Editing } from "./editing.ts";
import fields from "./fields.module.css";
import { useModelI18n } from "./use-model-i18n.ts";

const MAX_LENGTH = 5000;

export function ModelDescription({
  description,
  save,
  saving,
  locked,
}: Editing & { description: string | null }) {
  const { t } = useModelI18n();
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    await save({ description: draft?.trim() || null }).then(
      () => setDraft(null),
      () => undefined,
    );
  }

  if (draft === null) {
    return (
      <div className={fields.stack}>
        <div className={fields.title}>
          <h2>{t("model.description")}</h2>
          {!locked && (
            <Button variant="quiet" onClick={() => setDraft(description ?? "")}>
              {t("model.edit")}
              <span className="visually-hidden">: {t("model.description")}</span>
            </Button>
          )}
        </div>
        <p className={description ? fields.text : fields.soft}>
          {description || t("model.descriptionEmpty")}
        </p>
      </div>
    );
  }
  return (
    <form onSubmit={submit} className={fields.stack}>
      <h2 id={id}>{t("model.description")}</h2>
      <textarea
        aria-labelledby={id}
        className={fields.textarea}
        rows={5}
        maxLength={MAX_LENGTH}
        placeholder={t("model.descriptionPlaceholder")}
        value={draft}
        // biome-ignore lint/a11y/noAutofocus: the visitor just asked for this field
        autoFocus
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && setDraft(null)}
      />
      <div className={fields.title}>
        <Button type="submit" variant="primary" disabled={saving}>
          {t(saving ? "model.saving" : "model.save")}
        </Button>
        <Button onClick={() => setDraft(null)}>{t("model.cancel")}</Button>
      </div>
    </form>
  );
}
