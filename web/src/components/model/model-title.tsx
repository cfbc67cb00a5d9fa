import { Pencil } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { Button } from "../button.tsx";
import { PageHeading } from "../page.tsx";
import type { Editing } from "./editing.ts";
import fields from "./fields.module.css";
import { useModelI18n } from "./use-model-i18n.ts";

const MAX_LENGTH = 200;

/** The model's name as the heading; the pencil turns it into a field, Escape takes it back. */
export function ModelTitle({ name, save, saving, locked }: Editing & { name: string }) {
  const { t } = useModelI18n();
  const [draft, setDraft] = useState<string | null>(null);
  const pencil = useRef<HTMLButtonElement>(null);
  const close = () => {
    setDraft(null);
    requestAnimationFrame(() => pencil.current?.focus());
  };

  async function submit(event: FormEvent) {
    event.preventDefault();
    const next = draft?.trim();
    if (!next) return;
    if (next === name) return close();
    await save({ name: next }).then(close, () => undefined);
  }

  if (draft === null) {
    return (
      <div className={fields.title}>
        <PageHeading>{name}</PageHeading>
        {!locked && (
          <button
            ref={pencil}
            type="button"
            className={fields.pencil}
            aria-label={t("model.rename")}
            title={t("model.rename")}
            onClick={() => setDraft(name)}
          >
            <Pencil size={18} aria-hidden />
          </button>
        )}
      </div>
    );
  }
  return (
    <form onSubmit={submit} className={fields.title}>
      <h1 className="visually-hidden">{name}</h1>
      <input
        className={fields.titleInput}
        aria-label={t("model.nameLabel")}
        aria-invalid={!draft.trim() || undefined}
        maxLength={MAX_LENGTH}
        value={draft}
        // biome-ignore lint/a11y/noAutofocus: the visitor just asked for this field
        autoFocus
        onFocus={(event) => event.target.select()}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && close()}
      />
      <Button type="submit" variant="primary" disabled={saving || !draft.trim()}>
        {t(saving ? "model.saving" : "model.save")}
      </Button>
      <Button onClick={close}>{t("model.cancel")}</Button>
    </form>
  );
}
