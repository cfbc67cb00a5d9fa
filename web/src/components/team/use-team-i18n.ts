import { createDictionary } from "../../i18n/dictionary.ts";
import { teamEn } from "../../locales/team-en.ts";
import { teamRu } from "../../locales/team-ru.ts";

const words = createDictionary<typeof teamEn>(teamEn, teamRu);

/** For code outside of components. */
export const teamTranslator = words.translator;

/** The words about members' models, apart from the page's own so that the first view does not carry them. */
export function useTeamI18n() {
  const { t: m } = words.useWords();
  return { m };
}
