import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";
import type { LocalizedText } from "../../contract/common.ts";
import { AppError } from "../../errors.ts";

/** Of zxcvbn's 0 to 4: below 2 a password falls within a million guesses. */
const LEAST_SCORE = 2;
/** Estimating takes long for long texts, and whose beginning is strong is strong. */
const JUDGED_CHARACTERS = 32;

const LIKE_EMAIL = {
  en: "The password is the e-mail address, or contains it.",
  ru: "Пароль совпадает с адресом почты или содержит его.",
};
const GUESSABLE = {
  en: "The password is among those that are tried first: a common one, a pattern, or made of your name or address.",
  ru: "Такой пароль пробуют одним из первых: он распространён, состоит из узора или из вашего имени или адреса.",
};

let estimator: ZxcvbnFactory | undefined;

/** Some 10 MB of words, so it is made with the first password that is chosen. */
const estimate = (password: string, inputs: string[]) => {
  estimator ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  return estimator.check(password.slice(0, JUDGED_CHARACTERS), inputs).score;
};

/**
 * Refuses a chosen password that is easily guessed for this person.
 * @throws AppError `password-too-weak`
 */
export function checkNewPassword(password: string, person: { email: string; name: string | null }): void {
  const text = password.toLowerCase();
  const email = person.email.toLowerCase();
  if (email.includes(text) || text.includes(email)) throw tooWeak(LIKE_EMAIL);
  const inputs = [
    email,
    ...email.split("@"),
    ...email.split(/[@.+_-]/),
    ...(person.name?.toLowerCase().split(/\s+/) ?? []),
  ];
  if (
    estimate(
      password,
      inputs.filter((part) => part.length > 2),
    ) < LEAST_SCORE
  )
    throw tooWeak(GUESSABLE);
}

const tooWeak = (detail: LocalizedText) => new AppError("password-too-weak", { detail });
