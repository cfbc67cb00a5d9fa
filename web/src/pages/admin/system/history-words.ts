import type { z } from "zod";
import type { HealthHistory } from "../../../../../server/contract/monitor.ts";
import type { Sample } from "./chart-geometry.ts";

type Point = z.infer<typeof HealthHistory>["points"][number];

/** A history as a chart takes it. `figure` names a measured value; without one it is the response time in ms. */
export function toSamples(points: readonly Point[], figure?: string): Sample[] {
  return points
    .filter(({ status }) => status !== "off")
    .map(({ at, status, responseMs, figures }) => ({
      at: Date.parse(at),
      value: figure ? (figures[figure] ?? null) : responseMs,
      failed: status === "unhealthy",
    }));
}
