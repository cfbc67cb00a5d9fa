import { secretsOf } from "../config-secrets.ts";
import { hideSecrets, redact } from "../redact.ts";
import { examine } from "./examine.ts";
import { openPatient } from "./patient.ts";
import { reportOf } from "./report.ts";

// `npm run doctor [-- --json]`: what is wrong with this installation and what to do. Ends with 1 where there is a problem.
const asJson = process.argv.includes("--json");
try {
  const patient = await openPatient();
  hideSecrets(secretsOf(patient.config));
  try {
    const findings = await examine(patient);
    console.log(reportOf(findings, asJson));
    if (findings.some(({ status }) => status === "problem")) process.exitCode = 1;
  } finally {
    await patient.dispose();
  }
} catch (error) {
  const message = String(redact(error instanceof Error ? error.message : String(error)));
  const cure = "Correct this setting in .env or in the environment; nothing else can be looked at before.";
  console.log(reportOf([{ check: "settings", status: "problem", message, cure }], asJson));
  process.exitCode = 1;
}
