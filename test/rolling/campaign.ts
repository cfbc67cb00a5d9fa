import type { Cluster } from "../support/cluster/cluster.ts";
import { untilAllEnded, untilTold } from "../support/cluster/losses.ts";
import { sendJson } from "../support/cluster/member.ts";
import type { Seen, Traffic, TrafficOptions } from "../support/cluster/traffic.ts";

export interface Campaign {
  cluster: Cluster;
  load: TrafficOptions;
  times: number;
  say(line: string): void;
}

export interface Outcome {
  title: string;
  traffic: Traffic;
  /** What must not be, in sentences. */
  problems: string[];
}

export const describeFailure = ({ deed, status, problem, at }: Seen) =>
  `${(at / 1000).toFixed(1)} s: ${deed} ${status} ${problem}`;

/** How often what failed in which way, such as `rename 503 shutting-down`. */
export function tellFailures(failures: readonly Seen[]): string {
  const wayOf = ({ deed, status, problem }: Seen) =>
    `${deed} ${status || "broken"} ${/"code":"([^"]+)"/.exec(problem ?? "")?.[1] ?? problem?.slice(0, 60)}`;
  const ways = Map.groupBy(failures, wayOf);
  return [...ways].map(([way, some]) => `${some.length} × ${way}`).join(", ") || "none";
}

/**
 * Does `work` under the traffic; afterwards all requests are answered, all generations have ended, and all know it.
 * Answers how often a person had to say yes to a second charge.
 */
export async function withTraffic(
  { cluster, load }: Pick<Campaign, "cluster" | "load">,
  traffic: Traffic,
  work: () => Promise<void>,
): Promise<number> {
  let confirmed = 0;
  const confirm = async (id: string) => {
    const yes = sendJson("POST", { acceptSecondCharge: true });
    const { ok } = await load.member.fetch(`${load.url}/api/v1/generations/${id}/retry`, yes);
    if (ok) confirmed += 1;
  };
  try {
    await work();
    await traffic.end();
    await untilAllEnded(cluster, confirm);
    await untilTold(traffic);
  } finally {
    await traffic.leave();
  }
  return confirmed;
}
