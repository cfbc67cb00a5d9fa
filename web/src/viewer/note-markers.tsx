import type { RefObject } from "react";
import styles from "./notes.module.css";
import type { Notes } from "./use-notes.ts";
import { useViewerI18n } from "./use-viewer-i18n.ts";

type NoteMarkersProps = {
  notes: Notes;
  elements: RefObject<Map<string, HTMLElement>>;
  onSelect: (id: string) => void;
};

/** Numbers at the places of the notes; the scene moves them. They are reached by keyboard in the list. */
export function NoteMarkers({ notes, elements, onSelect }: NoteMarkersProps) {
  const { t } = useViewerI18n();
  return (
    <div className={styles.markers}>
      {notes.shown.map(({ id, text }, index) => (
        <button
          key={id}
          ref={(node) => {
            if (node) elements.current.set(id, node);
            else elements.current.delete(id);
          }}
          type="button"
          tabIndex={-1}
          className={styles.marker}
          data-selected={id === notes.selected || undefined}
          aria-label={t("viewer.notes.marker", { number: index + 1 })}
          title={text}
          onClick={() => onSelect(id)}
        >
          {index + 1}
        </button>
      ))}
    </div>
  );
}
