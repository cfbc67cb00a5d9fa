import type { LocalizedText } from "../../contract/common.ts";
import { AppError } from "../../errors.ts";

const MOST_CHARACTERS = 1000;

/** Why something came to nothing, for the record that operators read in their language. */
export interface Failure {
  /** One of the error table's. */
  code: string;
  detail: LocalizedText;
}

/** The product's own errors in their words; of others the message as a sentence, which is no translation's. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError) return { code: error.code, detail: error.operatorDetail };
  const said = (error instanceof Error ? error.message : String(error)).slice(0, MOST_CHARACTERS);
  const text = said.replace(/[^.!?…]$/, "$&.");
  return { code: "internal", detail: { en: text, ru: text } };
}

/** The same failure within sentences that end with what happened. */
export const within = ({ code, detail }: Failure, before: LocalizedText): Failure => ({
  code,
  detail: { en: `${before.en} ${detail.en}`, ru: `${before.ru} ${detail.ru}` },
});
