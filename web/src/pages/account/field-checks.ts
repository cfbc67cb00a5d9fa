import type { AccountTranslate } from "./use-account-i18n.ts";

/** As the server's contract has them. */
export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 200;

/** What is wrong with an address, null where nothing is; the server knows better. */
export function wrongEmail(email: string, a: AccountTranslate): string | null {
  if (!email.trim()) return a("fields.emailMissing");
  return /^\S+@\S+\.\S+$/.test(email.trim()) ? null : a("fields.emailWrong");
}

export const wrongName = (name: string, a: AccountTranslate): string | null =>
  name.trim() ? null : a("fields.nameMissing");

export const wrongPassword = (password: string, a: AccountTranslate): string | null =>
  password ? null : a("fields.passwordMissing");

/** What is wrong with a password that is being chosen. */
export function wrongNewPassword(password: string, a: AccountTranslate): string | null {
  if (!password) return a("fields.passwordMissing");
  return password.length < PASSWORD_MIN ? a("fields.passwordShort", { count: PASSWORD_MIN }) : null;
}
