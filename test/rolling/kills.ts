import { setTimeout as sleep } from "node:timers/promises";
import { findLosses } from "../support/cluster/losses.ts";
import { type Seen, startTraffic } from "../support/cluster/traffic.ts";
import { type Campaign, describeFailure, type Outcome, tellFailures, withTraffic } from "./campaign.ts";

/** A replica lives so long before it dies again, at random within these bounds. */
const LIFE_MS = [1000, 5000] as const;

/** From the signal until the process was gone, milliseconds since the beginning of the traffic. */
interface Death {
  from: number;
  to: number;
}

/**
 * What may fail in the hands of a server that dies: an answer that was begun and can't be taken back, and a change
 * (PATCH) that may have been made, of which nginx sends no second one. Everything else is asked of another replica,
 * unless that dies too before its answer, as where the machine is so busy that answers take many seconds.
 */
function mayFail({ deed, status, at, ms }: Seen, deaths: readonly Death[]): boolean {
  if (status === 0) return true;
  const met = deaths.filter(({ from, to }) => from <= at + ms && to >= at).length;
  return [502, 503].includes(status) && met >= (deed === "rename" ? 1 : 2);
}

/** One replica after the other is killed; what people see may be a broken answer, and nothing may be lost. */
export async function killOften(campaign: Campaign): Promise<Outcome> {
  const { cluster, load, times, say } = campaign;
  const traffic = startTraffic(load);
  const deaths: Death[] = [];
  const [shortest, longest] = LIFE_MS;
  const confirmed = await withTraffic(campaign, traffic, async () => {
    for (let time = 1; time <= times; time++) {
      const replica = cluster.replicas[time % cluster.replicas.length];
      await sleep(shortest + Math.random() * (longest - shortest));
      const from = traffic.elapsed();
      await replica.kill();
      deaths.push({ from, to: traffic.elapsed() });
      await replica.start();
      say(
        `${time} of ${times}: ${traffic.seen.length} requests, ${traffic.cuts()} event streams broke; failed: ${tellFailures(traffic.failures())}`,
      );
    }
  });
  const failures = traffic.failures();
  const problems = failures.filter((seen) => !mayFail(seen, deaths)).map(describeFailure);
  problems.push(...(await findLosses(cluster, traffic, load.member)));
  const title = `${times} times kill -9 of one of ${cluster.replicas.length} replicas at ${load.perSecond} requests a second: ${traffic.accepted.length} generations (${confirmed} second charges confirmed), ${failures.length} of ${traffic.seen.length} requests failed, ${traffic.cuts()} event streams broke`;
  return { title, traffic, problems };
}
