const KEY = "photo-to-3d.session";

/** What the tabs of a browser know of its sign-in; the sign-in itself is in cookies that no script can read. */
export interface SessionNote {
  /** Null once nobody is signed in any more. */
  userId: string | null;
  /** The sign-in ran out or was revoked: said again when the page is loaded again. */
  hasEnded?: boolean;
  /** When the sign-in was last renewed by any tab: milliseconds of this browser's clock. */
  renewedAt: number;
}

/** Where storage is blocked, the note is this tab's own. */
let own: SessionNote | null = null;

function isNote(value: unknown): value is SessionNote {
  return typeof value === "object" && value !== null && "userId" in value && "renewedAt" in value;
}

export function readNote(): SessionNote | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return isNote(value) ? value : null;
  } catch {
    return own;
  }
}

export function writeNote(note: SessionNote | null): void {
  own = note;
  try {
    if (note) localStorage.setItem(KEY, JSON.stringify(note));
    else localStorage.removeItem(KEY);
  } catch {
    // Blocked: `own` stands in.
  }
}

/** Whether this browser keeps notes: only then does a missing one mean that nobody has signed in. */
export function keepsNotes(): boolean {
  try {
    localStorage.setItem(`${KEY}.try`, "");
    localStorage.removeItem(`${KEY}.try`);
    return true;
  } catch {
    return false;
  }
}

/** Hears of sign-ins, renewals and sign-outs in other tabs. @returns what ends the listening */
export function onNoteOfOtherTab(listener: (note: SessionNote | null) => void): () => void {
  const hear = (event: StorageEvent) => {
    // Without a key the whole storage was cleared.
    if (event.key === KEY || event.key === null) listener(readNote());
  };
  window.addEventListener("storage", hear);
  return () => window.removeEventListener("storage", hear);
}
