import { AppError } from "../errors.ts";
import { hasCode, isDiskFull } from "../system-errors.ts";

/** The address answers, but has nothing (any more): another address may. */
export class AddressGone extends AppError {}

/** The connection ended before the body did: going on may help. */
export class BrokenOff extends AppError {}

export const unreachable = (en: string, ru: string, cause?: unknown) =>
  new AppError("result-unreachable", sentence(en, ru, cause));

export const gone = (status: number) =>
  new AddressGone(
    "result-unreachable",
    sentence(`has expired (${status})`, `больше не действует (${status})`),
  );

export const brokenOff = (en: string, ru: string, cause?: unknown) =>
  new BrokenOff("result-unreachable", sentence(en, ru, cause));

function sentence(en: string, ru: string, cause?: unknown) {
  return {
    detail: { en: `The address of the finished model ${en}.`, ru: `Адрес готовой модели ${ru}.` },
    cause,
  };
}

/** Translates what Node says about sockets and files. */
export function explain(error: unknown, isTooLong: boolean): AppError {
  if (error instanceof AppError) return error;
  if (hasCode(error, "EADDRNOTALLOWED")) return new AppError("result-not-allowed", { cause: error });
  if (isDiskFull(error)) return new AppError("disk-full", { cause: error });
  if (isTooLong) return brokenOff("took too long", "отвечал слишком долго", error);
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return brokenOff(
    `could not be read (${code || "connection lost"})`,
    `не читается (${code || "связь прервалась"})`,
    error,
  );
}
