import { validateBytes } from "gltf-validator";
import { GlbProblem } from "./glb-problem.ts";

const MAX_ISSUES = 100;
const SHOWN_ERRORS = 3;
const SHOWN_WARNINGS = 10;
const ERROR = 0;
const WARNING = 1;
/** Errors that generators often make and that are gone after reading, mending and writing again. */
const MENDED = [
  "ACCESSOR_VECTOR3_NON_UNIT",
  "ACCESSOR_INVALID_SIGN",
  "ACCESSOR_WEIGHTS_NON_NORMALIZED",
  "ACCESSOR_MIN_MISMATCH",
  "ACCESSOR_MAX_MISMATCH",
  "ACCESSOR_ELEMENT_OUT_OF_MIN_BOUND",
  "ACCESSOR_ELEMENT_OUT_OF_MAX_BOUND",
  "EMPTY_ENTITY",
  "IMAGE_MIME_TYPE_INVALID",
];

/**
 * Runs the Khronos glTF validator.
 * @returns the first warnings, for the record, and whether there is something that reading and writing mend
 * @throws GlbProblem with the first errors
 */
export async function validateGlb(bytes: Uint8Array): Promise<{ warnings: string[]; isMended: boolean }> {
  const report = await validateBytes(bytes, {
    format: "glb",
    writeTimestamp: false,
    maxIssues: MAX_ISSUES,
    severityOverrides: Object.fromEntries(MENDED.map((code) => [code, WARNING])),
    externalResourceFunction: () => Promise.reject(new Error("Files outside the GLB are not read.")),
  });
  const say = (severity: number, limit: number) =>
    report.issues.messages
      .filter((issue) => issue.severity === severity)
      .slice(0, limit)
      .map(({ code, message, pointer }) => `${code} ${pointer ?? ""}: ${message}`);
  const errors = report.issues.numErrors;
  if (errors > 0) {
    const shown = say(ERROR, SHOWN_ERRORS).join(" ");
    throw new GlbProblem({
      en: `The glTF validator finds ${errors} errors. ${shown}`,
      ru: `Валидатор glTF нашёл ошибок: ${errors}. ${shown}`,
    });
  }
  const isMended = report.issues.messages.some(({ code }) => MENDED.includes(code));
  return { warnings: say(WARNING, SHOWN_WARNINGS), isMended };
}
