import type { SignedIn } from "../../../../server/contract/account.ts";
import { changeSettings } from "../../hooks/settings.ts";
import { beginSession } from "../../session/session-changes.ts";
import { writeNote } from "../../session/session-note.ts";

/** After a sign-in: the page is the person's own from here on, in the language of the account. */
export function enter({ user }: SignedIn): void {
  if (user.locale) changeSettings({ language: user.locale });
  writeNote({ userId: user.id, renewedAt: Date.now() });
  beginSession(user.id);
}
