import type { TestApp } from "./app.ts";

/**
 * Makes the pauses of providers last an hour, so that only money or a person ends one. The database does it, for calls
 * under way set a pause anew.
 */
export async function lengthenPauses({ context }: TestApp): Promise<void> {
  await context.records.sequelize.query(
    `CREATE FUNCTION lengthen_pause() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       NEW.until := now() + interval '1 hour';
       RETURN NEW;
     END $$;
     CREATE TRIGGER lengthen_pause BEFORE INSERT OR UPDATE OF until ON provider_pauses
       FOR EACH ROW EXECUTE FUNCTION lengthen_pause()`,
  );
}

/**
 * Makes every wait that a provider asks for, and every hold of create calls, last an hour, until the answer is called;
 * it also brings forward the jobs that were put off for so long.
 */
export async function lengthenWaits({ context }: TestApp): Promise<() => Promise<void>> {
  const { sequelize } = context.records;
  await sequelize.query(
    `CREATE OR REPLACE FUNCTION lengthen_wait() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF NEW.wait_until > now() THEN NEW.wait_until := now() + interval '1 hour'; END IF;
       IF NEW.creates_after > now() THEN NEW.creates_after := now() + interval '1 hour'; END IF;
       RETURN NEW;
     END $$;
     CREATE OR REPLACE TRIGGER lengthen_wait BEFORE UPDATE OF wait_until, creates_after ON provider_limits
       FOR EACH ROW EXECUTE FUNCTION lengthen_wait()`,
  );
  return async () => {
    await sequelize.query(
      `DROP TRIGGER IF EXISTS lengthen_wait ON provider_limits;
       UPDATE provider_limits SET wait_until = NULL, creates_after = now() WHERE wait_until > now() OR creates_after > now()`,
    );
    await context.queue.bringForward(2 * 3600);
  };
}
