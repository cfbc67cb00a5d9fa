import { QueryTypes, type Transaction } from "sequelize";
import type { Logger } from "../../logger.ts";
import type { Records } from "../../models/records.ts";
import type { Notices } from "../../queue/notices.ts";
import { SWITCHES, type SwitchName, type SwitchValue } from "./switches.ts";

/** The switches of all replicas, as this process knows them. */
export interface SystemState {
  /** Without asking anybody; a change by another replica is known as soon as its notice has come. */
  get<N extends SwitchName>(name: N): SwitchValue<N>;
  /** Switches for all replicas, and at once for this process; with a `transaction` when that is committed. */
  set<N extends SwitchName>(name: N, value: SwitchValue<N>, transaction?: Transaction): Promise<void>;
  /** Calls `listener` whenever one of the values may have changed. */
  watch(listener: () => void): () => void;
  /** Reads all anew. */
  refresh(): Promise<void>;
  dispose(): void;
}

interface Deps {
  records: Pick<Records, "sequelize" | "SystemValue">;
  notices: Pick<Notices, "subscribeSystem">;
  logger: Pick<Logger, "warn">;
}

/** Reads the switches once, and again with each notice. */
export async function createSystemState({ records, notices, logger }: Deps): Promise<SystemState> {
  const values = new Map<string, unknown>();
  const listeners = new Set<() => void>();
  let begun = 0;
  let applied = 0;

  async function refresh(): Promise<void> {
    begun += 1;
    const turn = begun;
    const rows = await records.SystemValue.findAll();
    // What was read later holds.
    if (turn < applied) return;
    applied = turn;
    values.clear();
    for (const { key, value } of rows) values.set(key, value);
    for (const listener of listeners) listener();
  }
  const unsubscribe = notices.subscribeSystem(() => {
    refresh().catch((error) => logger.warn("The switches could not be read", { error }));
  });
  await refresh();

  return {
    get: <N extends SwitchName>(name: N) => {
      const parsed = SWITCHES[name].safeParse(values.get(name));
      // What another version left behind and this one can't read counts as never switched.
      return (parsed.success ? parsed.data : SWITCHES[name].parse(undefined)) as SwitchValue<N>;
    },
    async set(name, value, transaction) {
      await records.sequelize.query(
        `WITH kept AS (
           INSERT INTO system_state (key, value) VALUES (:name, :value)
           ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()
           RETURNING key
         )
         SELECT pg_notify('system_changed', key) FROM kept`,
        { replacements: { name, value: JSON.stringify(value) }, type: QueryTypes.SELECT, transaction },
      );
      if (transaction) transaction.afterCommit(() => refresh());
      else await refresh();
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh,
    dispose: unsubscribe,
  };
}
