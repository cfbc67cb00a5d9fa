import type { Replica } from "./replica.ts";
import { socketOwner } from "./socket-owner.ts";

export const POINTS = [
  "after accept",
  "after claim",
  "before POST",
  "POST in flight",
  "after answer, before save",
  "while polling",
  "mid download",
  "before publish",
  "after publish",
  "random",
] as const;
export type Point = (typeof POINTS)[number];

/** The generation that a kill hit, by whatever the point knows of it. */
export interface Target {
  generationId?: string;
  remoteId?: string;
  photoSha256?: string;
}

export interface Kill extends Target {
  point: Point;
  replica: string;
  /** Milliseconds of `performance.now()`. */
  at: number;
  /** When the killed replica was ready again. */
  readyAt: Promise<number>;
}

/** Waits for the moment of one point and kills the replica that is just there. */
export function createMarksman(replicas: readonly Replica[]) {
  const armed = new Map<Point, (kill: Kill) => void>();

  function shoot(point: Point, replica: Replica, target: Target): boolean {
    const hit = armed.get(point);
    if (!hit || !replica.current) return false;
    armed.delete(point);
    const at = performance.now();
    const readyAt = replica.killAndRestart();
    hit({ ...target, point, replica: replica.name, at, readyAt });
    return true;
  }

  return {
    isArmed: (...points: Point[]) => points.some((point) => armed.has(point)),
    /** Kills by the replica itself. */
    shoot,
    /** Kills the replica that has the client's end of this loopback connection, after `lastWords`; tells whether it did. */
    shootOwner(point: Point, clientPort: number, target: Target, lastWords: () => void = () => {}): boolean {
      if (!armed.has(point)) return false;
      const alive = replicas.filter(({ current }) => current);
      const pid = socketOwner(
        clientPort,
        alive.map(({ current }) => current!.pid),
      );
      const owner = alive.find(({ current }) => current!.pid === pid);
      if (!owner) return false;
      lastWords();
      return shoot(point, owner, target);
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
