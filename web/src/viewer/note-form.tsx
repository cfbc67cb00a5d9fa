import { type FormEvent, useState } from "react";
import { Button } from "../components/button.tsx";
import styles from "./notes.module.css";
import { MAX_NOTE_LETTERS, type Notes } from "./use-notes.ts";
import { useViewerI18n } from "./use-viewer-i18n.ts";

type NoteFormProps = { number: number; text: string; notes: Notes };

/** Writes one note; Escape takes it back. */
export function NoteForm({ number, text, notes }: NoteFormProps) {
  const { t } = useViewerI18n();
  const [draft, setDraft] = useState(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft.trim()) void notes.submit(draft.trim());
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <textarea
        aria-label={t("viewer.notes.text", { number })}
        placeholder={t("viewer.notes.placeholder")}
        rows={3}
        maxLength={MAX_NOTE_LETTERS}
        value={draft}
        // biome-ignore lint/a11y/noAutofocus: the visitor just asked for this field
        autoFocus
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && notes.cancel()}
      />
      <div className={styles.formActions}>
        <Button type="submit" variant="primary" disabled={!draft.trim() || notes.state === "saving"}>
          {t("viewer.notes.save")}
        </Button>
        <Button onClick={notes.cancel}>{t("viewer.notes.cancel")}</Button>
      </div>
    </form>
  );
}
