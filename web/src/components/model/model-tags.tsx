import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "../button.tsx";
import type { Editing } from "./editing.ts";
import fields from "./fields.module.css";
import { useModelI18n } from "./use-model-i18n.ts";

const MAX_TAGS = 20;
const MAX_LENGTH = 50;

/** The model's tags; each change is saved at once. Commas part several new ones. */
export function ModelTags({ tags, save, saving, locked }: Editing & { tags: string[] }) {
  const { t } = useModelI18n();
  const [draft, setDraft] = useState("");
  const fresh = draft
    .split(",")
    .map((tag) => tag.trim().slice(0, MAX_LENGTH))
    .filter((tag, index, all) => tag && !tags.includes(tag) && all.indexOf(tag) === index);
  const full = tags.length + fresh.length > MAX_TAGS;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (full) return;
    if (fresh.length === 0) return setDraft("");
    await save({ tags: [...tags, ...fresh] }).then(
      () => setDraft(""),
      () => undefined,
    );
  }
  const remove = (tag: string) =>
    save({ tags: tags.filter((other) => other !== tag) }).catch(() => undefined);

  return (
    <div className={fields.stack}>
      <h2>{t("model.tags")}</h2>
      {tags.length === 0 && <p className={fields.soft}>{t("model.tagsEmpty")}</p>}
      {tags.length > 0 && (
        <ul className={fields.tags}>
          {tags.map((tag) => (
            <li key={tag} className={fields.tag}>
              {tag}
              {!locked && (
                <button
                  type="button"
                  aria-label={t("model.removeTag", { tag })}
                  disabled={saving}
                  onClick={() => void remove(tag)}
                >
                  <X size={16} aria-hidden />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {!locked && (
        <form onSubmit={submit} className={fields.inline}>
          <input
            aria-label={t("model.addTag")}
            placeholder={t("model.addTag")}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
          />
          <Button type="submit" disabled={saving || full || fresh.length === 0}>
            {t("model.addTagButton")}
          </Button>
        </form>
      )}
      {full && (
        <p role="status" className={fields.wrong}>
          {t("model.tooManyTags")}
        </p>
      )}
    </div>
  );
}
