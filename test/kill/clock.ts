import type { Observer } from "./observer.ts";
import { FORGED_ID } from "./script.ts";

/** By then every call of the fake was made, and repeated where it is repeated at all. */
const CALL_SECONDS = 12;

/**
 * Work whose answer was lost waits minutes for a call of the provider. Where none can come any more, those minutes
 * pass at once.
 */
export async function passTime({ pool }: Observer): Promise<void> {
  await pool.query(
    `UPDATE generation_tasks g SET wake_at = now()
      WHERE status = 'submitting' AND wake_at > now() + interval '60 seconds'
        AND EXISTS (SELECT FROM generation_attempts a WHERE a.generation_id = g.id AND a.number = g.attempts
          AND a.state = 'unknown' AND coalesce(a.claimed_remote_id, $2) = $2
          AND a.closed_at < now() - make_interval(secs => $1))`,
    [CALL_SECONDS, String(FORGED_ID)],
  );
}
