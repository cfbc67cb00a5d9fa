import { once } from "node:events";
import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";

/** More than the product takes to try a letter three times. */
const PATIENCE_MS = 120_000;

/** A mail server on this machine that keeps what it gets. */
export async function startMailServer() {
  const letters: (Email & { recipients: string[] })[] = [];
  const arrivals = new EventTarget();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk) => chunks.push(chunk));
      stream.on("end", async () => {
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        letters.push({ ...(await PostalMime.parse(Buffer.concat(chunks))), recipients });
        arrivals.dispatchEvent(new Event("letter"));
        done();
      });
    },
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;

  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    /** The letter to this address, once it has come; it is taken out. */
    async letterTo(address: string) {
      for (;;) {
        const place = letters.findIndex(({ recipients }) => recipients.includes(address));
        if (place >= 0) return letters.splice(place, 1)[0];
        await once(arrivals, "letter", { signal: AbortSignal.timeout(PATIENCE_MS) });
      }
    },
    dispose: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

export type MailServer = Awaited<ReturnType<typeof startMailServer>>;

/** The token in the link of a letter to this page. */
export const tokenIn = (letter: Pick<Email, "text">, page: string): string =>
  new RegExp(`/${page}#([\\w-]{43})`).exec(letter.text ?? "")?.[1] ?? "";
