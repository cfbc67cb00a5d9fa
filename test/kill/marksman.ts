import type { Kill, Point, Target } from "./points.ts";
import type { Replica } from "./replica.ts";

/** Waits for the moment of a point and kills the replica that is just there. */
export function createMarksman() {
  const armed = new Map<Point, (kill: Kill) => void>();

  return {
    isArmed: (...points: Point[]) => points.some((point) => armed.has(point)),
    /** Kills the replica, where the point is waited for and the replica is up; tells whether it did. */
    shoot(
      point: Point,
      replica: Replica | null | undefined,
      target: Target,
      options: { againAfterMs?: number } = {},
    ): boolean {
      const hit = armed.get(point);
      if (!hit || !replica?.current) return false;
      armed.delete(point);
      const { writer } = replica;
      const at = Date.now();
      hit({ ...target, point, replica, writer, at, readyAt: replica.killAndRestart(options) });
      return true;
    },
    /** The next kill at a point, or null when its moment did not come in time. */
    async aim(point: Point, timeoutMs: number): Promise<Kill | null> {
      const { promise, resolve } = Promise.withResolvers<Kill | null>();
      armed.set(point, resolve);
      const timer = setTimeout(() => resolve(null), timeoutMs);
      const kill = await promise;
      clearTimeout(timer);
      if (!kill) armed.delete(point);
      return kill;
    },
  };
}
export type Marksman = ReturnType<typeof createMarksman>;
