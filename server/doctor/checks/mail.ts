import { createTransport } from "nodemailer";
import { type Check, ok, problem, skipped } from "../check.ts";

const TIMEOUT_MS = 8000;

/** Whether the mail server lets us in; nothing is sent. */
export const mail: Check = {
  name: "mail",
  async run({ config }) {
    if (!config.mail) return [skipped("SMTP_URL is not set: administrators pass links on.")];
    const transport = createTransport({
      url: config.mail.url,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
    });
    try {
      await transport.verify();
      return [ok(`${new URL(config.mail.url).hostname} lets us in.`)];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const cure =
        "Check the host, the port, the user and the password in SMTP_URL; smtps:// is for port 465.";
      return [problem(`The mail server can't be used: ${why}`, cure)];
    } finally {
      transport.close();
    }
  },
};
