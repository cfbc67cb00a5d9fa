import { redact } from "../redact.ts";
import type { Reported } from "./examine.ts";

const MARKS: Record<Reported["status"], string> = {
  ok: "ok      ",
  warning: "warning ",
  problem: "PROBLEM ",
  skipped: "skipped ",
};

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** The findings as lines for people, or as JSON; secrets that got into them are hidden. */
export function reportOf(findings: readonly Reported[], asJson: boolean): string {
  const shown = redact(findings) as Reported[];
  const count = (status: Reported["status"]) => shown.filter((finding) => finding.status === status).length;
  const [problems, warnings] = [count("problem"), count("warning")];
  if (asJson)
    return JSON.stringify({ healthy: problems === 0, problems, warnings, findings: shown }, null, 2);
  const lines = shown.map(({ status, check, message, cure }) =>
    [`${MARKS[status]} ${check}: ${message}`, ...(cure ? [`          -> ${cure}`] : [])].join("\n"),
  );
  return [...lines, "", `${counted(problems, "problem")}, ${counted(warnings, "warning")}.`].join("\n");
}
