import type { Alert as AlertView } from "../../contract/monitor.ts";
import type { Logger } from "../../logger.ts";
import type { AlertState } from "../../models/alert.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { AlertBook, Channel } from "./alert-book.ts";
import { alertLetter } from "./alert-letter.ts";
import { describeAlert } from "./describe-alert.ts";

type About = AlertView["notices"][number]["about"];

export interface Notifier {
  channels: readonly Channel[];
  /** Rejects where it was not taken. */
  tell(channel: Channel, alert: AlertState, about: About): Promise<void>;
}

interface Settings {
  webhookUrl: string | null;
  email: string | null;
  mailer: Pick<Mailer, "send"> | null;
  /** Where people open the page; null where it is not known. */
  publicUrl: string | null;
}

/** The receiver has so long to answer. */
const WEBHOOK_MS = 10_000;

/** Ways to tell an operator of an alert. */
export function createNotifier({ webhookUrl, email, mailer, publicUrl }: Settings): Notifier {
  const page = publicUrl && `${publicUrl}/admin/system`;
  const ways: Partial<Record<Channel, Notifier["tell"]>> = {
    ...(webhookUrl && { webhook: (_channel, alert, about) => postAlert(webhookUrl, alert, about, page) }),
    ...(email &&
      mailer && { email: (_channel, alert, about) => mailer.send(email, alertLetter(alert, about, page)) }),
  };
  return {
    channels: Object.keys(ways) as Channel[],
    tell: (channel, alert, about) => ways[channel]!(channel, alert, about),
  };
}

/**
 * One POST to the operator's own address, which may be inside of their network: whoever sets it may reach that anyway.
 * No redirect is followed, and nothing of the answer but its status is read.
 */
async function postAlert(url: string, alert: AlertState, about: About, page: string | null): Promise<void> {
  const described = describeAlert(alert);
  const { address, headers } = withoutPassword(url);
  const response = await fetch(address, {
    method: "POST",
    redirect: "manual",
    signal: AbortSignal.timeout(WEBHOOK_MS),
    headers: { ...headers, "Content-Type": "application/json", "User-Agent": "photo-to-3d" },
    body: JSON.stringify({
      id: `${alert.id}:${about}`,
      type: `alert.${about}`,
      text: `${about === "resolved" ? "Over: " : ""}${described.title.en}`,
      url: page,
      alert: described,
    }),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`The receiver of alerts answered ${response.status}`);
}

/** `fetch` takes no name and password in an address; they go the way that browsers send them (RFC 7617). */
function withoutPassword(url: string): { address: URL; headers: Record<string, string> } {
  const address = new URL(url);
  const { username, password } = address;
  if (!username && !password) return { address, headers: {} };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  address.username = "";
  address.password = "";
  return { address, headers: { Authorization: `Basic ${Buffer.from(pair).toString("base64")}` } };
}

interface Delivery {
  book: AlertBook;
  notifier: Notifier;
  logger: Pick<Logger, "warn">;
  now: () => Date;
}

/** Tries every notice that is due once; of one alert the second one waits for the first. Never rejects. */
export async function deliverNotices({ book, notifier, logger, now }: Delivery): Promise<void> {
  await Promise.all(
    book.pending(now()).map(async ({ alert, channel, notices }) => {
      for (const notice of notices) {
        try {
          await notifier.tell(channel, alert, notice.about);
          book.noteTry(alert, notice, now());
        } catch (error) {
          book.noteTry(alert, notice, null);
          if (notice.tries === 0) {
            const facts = { alert: alert.key, about: notice.about, channel, error };
            logger.warn("An alert could not be told; it is tried again with each look for a day", facts);
          }
          return;
        }
      }
    }),
  );
}
