import { MapPinPlus, Pencil, Trash2, X } from "lucide-react";
import { useLayoutEffect, useRef } from "react";
import { Button } from "../components/button.tsx";
import { NoteForm } from "./note-form.tsx";
import styles from "./notes.module.css";
import type { Notes } from "./use-notes.ts";
import { useViewerI18n } from "./use-viewer-i18n.ts";

type NotesPanelProps = {
  notes: Notes;
  onAdd: () => void;
  onShow: (id: string) => void;
  onClose: () => void;
};

/** All notes as a list; each goes to its place on the model. */
export function NotesPanel({ notes, onAdd, onShow, onClose }: NotesPanelProps) {
  const { t } = useViewerI18n();
  const { shown, canEdit, draft, placing, selected, state } = notes;
  const heading = useHeldFocus([draft, placing, shown.length]);
  return (
    <aside className={styles.panel} aria-label={t("viewer.notes.title")}>
      <div className={styles.head}>
        <h3 ref={heading} tabIndex={-1}>
          {t("viewer.notes.title")}
        </h3>
        <button type="button" className={styles.icon} aria-label={t("viewer.close")} onClick={onClose}>
          <X size={18} aria-hidden />
        </button>
      </div>
      {shown.length === 0 && (
        <p className={styles.soft}>{t(canEdit ? "viewer.notes.empty" : "viewer.notes.none")}</p>
      )}
      <ol className={styles.list}>
        {shown.map((note, index) => (
          <li key={note.id} className={styles.item} data-selected={note.id === selected || undefined}>
            {draft?.id === note.id ? (
              <NoteForm number={index + 1} notes={notes} text={note.text} />
            ) : (
              <>
                <button type="button" className={styles.show} onClick={() => onShow(note.id)}>
                  <span className={styles.number}>{index + 1}</span>
                  <span className={styles.text}>{note.text}</span>
                </button>
                {canEdit && !draft && (
                  <span className={styles.actions}>
                    <button
                      type="button"
                      className={styles.icon}
                      aria-label={t("viewer.notes.edit", { number: index + 1 })}
                      onClick={() => notes.edit(note.id)}
                    >
                      <Pencil size={16} aria-hidden />
                    </button>
                    <button
                      type="button"
                      className={styles.icon}
                      aria-label={t("viewer.notes.remove", { number: index + 1 })}
                      disabled={state === "saving"}
                      onClick={() => void notes.remove(note.id)}
                    >
                      <Trash2 size={16} aria-hidden />
                    </button>
                  </span>
                )}
              </>
            )}
          </li>
        ))}
      </ol>
      {state === "failed" && (
        <p role="alert" className={styles.wrong}>
          {t("viewer.notes.failed")}
        </p>
      )}
      {canEdit && !draft && !placing && !notes.isFull && (
        <Button onClick={onAdd}>
          <MapPinPlus size={18} aria-hidden /> {t("viewer.notes.add")}
        </Button>
      )}
      {notes.isFull && <p className={styles.soft}>{t("viewer.notes.full")}</p>}
      {placing && (
        <div className={styles.placing} role="status">
          <p>{t("viewer.notes.place")}</p>
          <Button onClick={notes.cancel}>{t("viewer.notes.cancel")}</Button>
        </div>
      )}
    </aside>
  );
}

/** Where the focus goes on when what had it is gone: a field after saving, the button of a deleted note. */
function useHeldFocus(changes: readonly unknown[]) {
  const place = useRef<HTMLHeadingElement>(null);
  const before = useRef(changes);
  useLayoutEffect(() => {
    const isChanged = changes.some((value, at) => value !== before.current[at]);
    before.current = changes;
    if (isChanged && document.activeElement === document.body) place.current?.focus();
  });
  return place;
}
