import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { getSettings, useSettings } from "../../../hooks/settings.ts";
import { systemKeys } from "./system-queries.ts";

/** What is remembered of the server was worded in this language; other pages switch it too. */
let worded = getSettings().language;

/** Asks anew for all of this page once the language is another one: the server words a part of its answers. */
export function useAnswersInLanguage(): void {
  const client = useQueryClient();
  const { language } = useSettings();
  useEffect(() => {
    if (worded === language) return;
    worded = language;
    void client.invalidateQueries({ queryKey: systemKeys.all });
  }, [client, language]);
}
