import pg from "pg";
import type { Marksman, Point } from "./marksman.ts";

const POINT_SQL = `SELECT status, stage, (SELECT client_port FROM pg_stat_activity WHERE pid = $2) AS port
  FROM generation_tasks WHERE id = $1`;

const pointOf = (status: string, stage: string | null): Point | null => {
  if (status === "submitting") return "after claim";
  if (status === "succeeded") return "after publish";
  return status === "finishing" && ["checking", "optimizing", "thumbnail"].includes(stage ?? "")
    ? "before publish"
    : null;
};

/** Hears every change of a generation from the database: kills at the points that only rows show, and keeps the times. */
export async function startWatcher(databaseUrl: string, marksman: Marksman) {
  const connectionString = databaseUrl;
  const ear = new pg.Client({ connectionString, application_name: "kill watcher" });
  const pool = new pg.Pool({ connectionString, max: 4, application_name: "kill watcher" });
  pool.on("error", () => {});
  const changes = new Map<string, number[]>();
  ear.on("notification", ({ payload: id, processId }) => {
    if (!id) return;
    changes.set(id, [...(changes.get(id) ?? []), performance.now()]);
    if (marksman.isArmed("after claim", "before publish", "after publish")) void look(id, processId);
  });
  await ear.connect();
  await ear.query("LISTEN generation_changed");

  async function look(id: string, processId: number): Promise<void> {
    const { rows } = await pool.query(POINT_SQL, [id, processId]);
    const point = rows[0] && pointOf(rows[0].status, rows[0].stage);
    if (point && rows[0].port > 0) marksman.shootOwner(point, rows[0].port, { generationId: id });
  }

  return {
    pool,
    /** Times of all visible changes of a generation, `performance.now()`. */
    changesOf: (id: string): readonly number[] => changes.get(id) ?? [],
    async dispose() {
      await ear.end();
      await pool.end();
    },
  };
}
export type Watcher = Awaited<ReturnType<typeof startWatcher>>;
