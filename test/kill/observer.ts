import pg from "pg";
import type { Marksman } from "./marksman.ts";
import type { Point } from "./points.ts";
import type { Replica } from "./replica.ts";
import { FORGED_ID } from "./script.ts";

/** Status of an event: the provider's call says the id of work whose answer was lost. */
const CALLED = "called";

/** Every write to a generation, by whom and when, for the harness alone; its notices tell the moments that only rows show. */
const SETUP = `
  CREATE TABLE kill_events (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    generation_id uuid NOT NULL,
    writer text NOT NULL,
    status text NOT NULL,
    stage text
  );
  CREATE INDEX ON kill_events (generation_id, number);
  CREATE FUNCTION kill_observe() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO kill_events (generation_id, writer, status, stage)
      VALUES (NEW.id, current_setting('application_name'), NEW.status, NEW.stage);
    PERFORM pg_notify('kill_observed', json_build_object('id', NEW.id, 'writer',
      current_setting('application_name'), 'status', NEW.status, 'stage', NEW.stage)::text);
    RETURN NULL;
  END $$;
  CREATE TRIGGER kill_observe AFTER INSERT OR UPDATE ON generation_tasks
    FOR EACH ROW EXECUTE FUNCTION kill_observe();
  CREATE FUNCTION kill_observe_call() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO kill_events (generation_id, writer, status)
      SELECT NEW.generation_id, current_setting('application_name'), '${CALLED}'
        FROM generation_tasks WHERE id = NEW.generation_id AND status = 'submitting';
    RETURN NULL;
  END $$;
  CREATE TRIGGER kill_observe_call AFTER UPDATE ON generation_attempts
    FOR EACH ROW WHEN (NEW.claimed_remote_id <> '${FORGED_ID}' AND NEW.state = 'unknown')
    EXECUTE FUNCTION kill_observe_call();
`;

/** What the harness itself writes under; no sign of life of a server. */
const OBSERVER = "kill observer";

interface Notice {
  id: string;
  writer: string;
  status: string;
  stage: string | null;
}

/** One write to a generation; `at` is Unix time in milliseconds of the database's clock. */
export interface Event extends Omit<Notice, "id"> {
  at: number;
}

const pointOf = ({ status, stage }: Notice): Point | null => {
  if (status === "submitting" && stage === "uploading") return "after claim";
  if (status === "succeeded") return "after publish";
  return status === "finishing" && ["checking", "optimizing", "thumbnail"].includes(stage ?? "")
    ? "before publish"
    : null;
};

/** Writes down every change of a generation and kills at the points that only rows show. */
export async function startObserver(databaseUrl: string, marksman: Marksman, replicas: readonly Replica[]) {
  const options = { connectionString: databaseUrl, application_name: OBSERVER };
  const ear = new pg.Client(options);
  const pool = new pg.Pool({ ...options, max: 4 });
  ear.on("error", () => {});
  pool.on("error", () => {});
  await pool.query(SETUP);
  ear.on("notification", ({ payload }) => {
    const notice = JSON.parse(payload!) as Notice;
    const point = pointOf(notice);
    const writer = point && replicas.find((replica) => replica.writer === notice.writer);
    if (point && writer) marksman.shoot(point, writer, { generationId: notice.id });
  });
  await ear.connect();
  await ear.query("LISTEN kill_observed");

  return {
    pool,
    /** The replica that last wrote to the generation of a remote id. */
    async workerOf(remoteId: string): Promise<Replica | undefined> {
      const { rows } = await pool.query<{ writer: string }>(
        `SELECT writer FROM kill_events e JOIN generation_tasks g ON g.id = e.generation_id
          WHERE g.remote_id = $1 AND writer <> $2 ORDER BY number DESC LIMIT 1`,
        [remoteId, OBSERVER],
      );
      return replicas.find(({ writer }) => writer === rows[0]?.writer);
    },
    /** Whether it is known that the answer to an attempt is lost. */
    async isLost(nonce: string): Promise<boolean> {
      const { rowCount } = await pool.query(
        "SELECT FROM generation_attempts WHERE nonce = $1 AND state = 'unknown'",
        [nonce],
      );
      return rowCount === 1;
    },
    /** All writes of servers by generation, in their order. */
    async history(): Promise<Map<string, Event[]>> {
      const { rows } = await pool.query<Event & { id: string }>(
        `SELECT generation_id AS id, writer, status, stage, extract(epoch FROM at)::float * 1000 AS at
           FROM kill_events WHERE writer <> $1 ORDER BY number`,
        [OBSERVER],
      );
      return Map.groupBy(rows, ({ id }) => id);
    },
    async dispose() {
      await ear.end();
      await pool.end();
    },
  };
}
export type Observer = Awaited<ReturnType<typeof startObserver>>;
