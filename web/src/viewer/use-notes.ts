import { useState } from "react";
import type { Hotspot } from "../../../server/contract/viewing.ts";
import type { Box } from "./box.ts";
import { newHotspot } from "./hotspot-place.ts";
import type { SurfaceHit } from "./scene/picking.tsx";

export const MAX_NOTES = 50;
export const MAX_NOTE_LETTERS = 500;

/** What happens with the notes: which is looked at, whether one is being placed, written, saved. */
export type Notes = ReturnType<typeof useNotes>;

/** `save` keeps all notes; without it they can only be read. */
export function useNotes(saved: readonly Hotspot[], save?: (notes: Hotspot[]) => Promise<void>) {
  const [selected, setSelected] = useState<string | null>(null);
  const [placing, setPlacing] = useState(false);
  const [draft, setDraft] = useState<Hotspot | null>(null);
  const [state, setState] = useState<"idle" | "saving" | "failed">("idle");
  const fresh = draft && !saved.some(({ id }) => id === draft.id) ? [draft] : [];

  async function keep(notes: Hotspot[]): Promise<boolean> {
    setState("saving");
    try {
      await save!(notes);
      setState("idle");
      return true;
    } catch {
      setState("failed");
      return false;
    }
  }

  return {
    /** With the new one that is not saved yet. */
    shown: [...saved, ...fresh] as readonly Hotspot[],
    canEdit: save !== undefined,
    isFull: saved.length >= MAX_NOTES,
    selected,
    placing,
    draft,
    state,
    select: setSelected,
    startPlacing: () => {
      setDraft(null);
      setPlacing(true);
    },
    cancel: () => {
      setPlacing(false);
      setDraft(null);
      setState("idle");
    },
    place: (box: Box, { point, normal }: SurfaceHit) => {
      const note = newHotspot(saved, box, point, normal);
      setPlacing(false);
      setDraft(note);
      setSelected(note.id);
    },
    edit: (id: string) => {
      setDraft(saved.find((note) => note.id === id) ?? null);
      setSelected(id);
    },
    submit: async (text: string) => {
      if (!draft) return;
      const note = { ...draft, text };
      const others = saved.map((old) => (old.id === note.id ? note : old));
      if (await keep(fresh.length > 0 ? [...saved, note] : others)) setDraft(null);
    },
    remove: (id: string) => keep(saved.filter((note) => note.id !== id)),
  };
}
