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
