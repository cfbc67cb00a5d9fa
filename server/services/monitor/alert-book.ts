import { Op } from "sequelize";
import { v7 as newId } from "uuid";
import type { Alert as AlertView } from "../../contract/monitor.ts";
import type { AlertState } from "../../models/alert.ts";
import type { Records } from "../../models/records.ts";
import type { Verdict } from "./judge.ts";

type Notice = AlertView["notices"][number];
export type Channel = Notice["channel"];

/** A notice that nobody takes is tried for so long. */
const GIVE_UP_MS = 86_400_000;

interface Entry {
  alert: AlertState;
  /** Whether the database has it at all. */
  isKept: boolean;
  /** Whether the database has not heard of the last change. */
  isChanged: boolean;
}

export interface PendingNotices {
  alert: AlertState;
  channel: Channel;
  /** In the order in which they must be told. */
  notices: Notice[];
}

export type AlertBook = ReturnType<typeof createAlertBook>;

/**
 * The alerts that are open or not told yet. The database is their truth; while it is away they are kept here, and
 * written down when it is back.
 */
export function createAlertBook({ records, channels }: { records: Records; channels: readonly Channel[] }) {
  let entries: Entry[] = [];
  let saving: Promise<void> = Promise.resolve();
  /** Of the entries, counted. */
  let changes = 0;

  const told = (about: Notice["about"]): Notice[] =>
    channels.map((channel) => ({ about, channel, sentAt: null, tries: 0 }));

  async function write(entry: Entry): Promise<void> {
    const { alert } = entry;
    // What changes while this is written is written with the next.
    entry.isChanged = false;
    try {
      if (!entry.isKept) await insertAlert(records, alert);
      entry.isKept = await updateAlert(records, alert);
      if (!entry.isKept) entries = entries.filter((other) => other !== entry);
    } catch (error) {
      entry.isChanged = true;
      throw error;
    }
  }

  return {
    /**
     * Writes down what changed, after what is still being written for somebody who waits no longer. Of two processes
     * that opened the same the first one's alert stays.
     */
    save(): Promise<void> {
      const before = saving;
      saving = (async () => {
        await before.catch(() => undefined);
        for (const entry of entries.filter(({ isChanged }) => isChanged)) await write(entry);
      })();
      return saving;
    },
    /** Takes over what the database says, after a `save` that succeeded: what it does not have is forgotten. */
    async load(now: Date): Promise<void> {
      const changesBefore = changes;
      const recent = new Date(now.getTime() - GIVE_UP_MS);
      const alerts = await records.Alert.findAll({
        where: { [Op.or]: [{ resolvedAt: null }, { resolvedAt: { [Op.gt]: recent } }] },
      });
      // Nobody waited for it any longer, and it knows nothing of what has happened since.
      if (changes !== changesBefore) return;
      entries = alerts.map((alert) => ({
        alert: alert.get({ plain: true }),
        isKept: true,
        isChanged: false,
      }));
    },
    /** Keys of the open ones. */
    open: () => new Set(entries.filter(({ alert }) => !alert.resolvedAt).map(({ alert }) => alert.key)),
    /** Applies a verdict; what changed is written down by the next `save`. */
    apply({ opened, resolved }: Verdict, now: Date): { opened: AlertState[]; resolved: AlertState[] } {
      const over = entries.filter(({ alert }) => !alert.resolvedAt && resolved.includes(alert.key));
      for (const entry of over) {
        entry.alert.resolvedAt = now;
        entry.alert.notices = [...entry.alert.notices, ...told("resolved")];
        entry.isChanged = true;
      }
      const fresh = opened.map(({ rule, value, threshold }): Entry => {
        const { key, service, severity, unit } = rule;
        const alert = {
          id: newId(),
          key,
          service,
          severity,
          unit,
          value,
          threshold,
          notices: told("opened"),
        };
        return { alert: { ...alert, openedAt: now, resolvedAt: null }, isKept: false, isChanged: true };
      });
      entries.push(...fresh);
      changes += over.length + fresh.length;
      return { opened: fresh.map(({ alert }) => alert), resolved: over.map(({ alert }) => alert) };
    },
    /** What nobody has been told yet, by alert and channel. */
    pending(now: Date): PendingNotices[] {
      return entries
        .flatMap(({ alert }) =>
          channels.map((channel) => ({
            alert,
            channel,
            notices: alert.notices.filter(
              (notice) => notice.channel === channel && !notice.sentAt && isFresh(alert, notice, now),
            ),
          })),
        )
        .filter(({ notices }) => notices.length > 0);
    },
    /** Notes that a notice was tried. */
    noteTry({ id }: AlertState, notice: Notice, sentAt: Date | null): void {
      const entry = entries.find(({ alert }) => alert.id === id);
      if (!entry) return;
      const tried = { ...notice, tries: notice.tries + 1, sentAt: sentAt?.toISOString() ?? null };
      const isSame = (other: Notice) => other.about === notice.about && other.channel === notice.channel;
      entry.alert.notices = entry.alert.notices.map((other) => (isSame(other) ? tried : other));
      entry.isChanged = true;
      changes += 1;
    },
  };
}

const isFresh = ({ openedAt, resolvedAt }: AlertState, { about }: Notice, now: Date): boolean =>
  now.getTime() - ((about === "resolved" && resolvedAt) || openedAt).getTime() < GIVE_UP_MS;

/** Nothing happens where another alert of its key is open, or where this one is there: the answer to that was lost. */
async function insertAlert({ sequelize }: Records, alert: AlertState): Promise<void> {
  await sequelize.query(
    `INSERT INTO alerts (id, key, service, severity, value, threshold, unit, notices, opened_at, resolved_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
    {
      bind: [
        alert.id,
        alert.key,
        alert.service,
        alert.severity,
        alert.value,
        alert.threshold,
        alert.unit,
        JSON.stringify(alert.notices),
        alert.openedAt,
        alert.resolvedAt,
      ],
    },
  );
}

/** What is over stays so. False where the database does not have it. */
async function updateAlert(
  { sequelize }: Records,
  { id, notices, resolvedAt }: AlertState,
): Promise<boolean> {
  const [rows] = await sequelize.query(
    `UPDATE alerts SET notices = $2, resolved_at = coalesce(resolved_at, $3::timestamptz) WHERE id = $1 RETURNING id`,
    { bind: [id, JSON.stringify(notices), resolvedAt] },
  );
  return rows.length > 0;
}
