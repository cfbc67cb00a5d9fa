import { setTimeout as sleep } from "node:timers/promises";
import { createTransport } from "nodemailer";
import type { Logger } from "../../logger.ts";
import type { Letter } from "./letters.ts";

export interface Mailer {
  /**
   * Does the work after the answer, which must not tell by its time whether somebody gets a letter. What it resolves
   * to is sent; null sends nothing. Failures are logged, and the person asks again.
   */
  sendLater(write: () => Promise<{ to: string; letter: Letter } | null>): void;
  /** Sends at once and once; rejects where the mail server doesn't take it. */
  send(to: string, letter: Letter): Promise<void>;
  /** Sends what is under way. */
  dispose(): Promise<void>;
}

const RETRY_AFTER_SECONDS = [2, 10];
const TIMEOUT_MS = 15_000;
/** Letters under way at a time; a mail server that hangs must not pile them up. */
const MAX_UNDER_WAY = 100;

export function createMailer(
  { url, from }: { url: string; from: string },
  { logger }: { logger: Logger },
): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();

  const send = async (to: string, letter: Letter): Promise<void> => {
    await transport.sendMail({ from, to, ...letter, headers: { "Auto-Submitted": "auto-generated" } });
  };

  async function deliver(write: Parameters<Mailer["sendLater"]>[0]): Promise<void> {
    const written = await write();
    if (!written) return;
    const { to, letter } = written;
    for (let tries = 0; ; tries++) {
      try {
        return await send(to, letter);
      } catch (error) {
        const seconds = RETRY_AFTER_SECONDS[tries];
        if (seconds === undefined || stopping.signal.aborted) throw error;
        await sleep(seconds * 1000, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  return {
    send,
    sendLater(write) {
      if (underWay.size >= MAX_UNDER_WAY) {
        logger.error("A letter was not sent, because too many wait for the mail server", { from });
        return;
      }
      const work: Promise<void> = deliver(write)
        .catch((error) => {
          logger.error("A letter could not be sent. Check SMTP_URL and MAIL_FROM.", { error });
        })
        .finally(() => underWay.delete(work));
      underWay.add(work);
    },
    async dispose() {
      stopping.abort();
      await Promise.all(underWay);
      transport.close();
    },
  };
}
