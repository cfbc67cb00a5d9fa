import { findLosses } from "../support/cluster/losses.ts";
import { startTraffic } from "../support/cluster/traffic.ts";
import { type Campaign, describeFailure, type Outcome, tellFailures, withTraffic } from "./campaign.ts";

/** All replicas are renewed again and again, one after the other, as an update does; nobody may notice. */
export async function renewAll(campaign: Campaign): Promise<Outcome> {
  const { cluster, load, times, say } = campaign;
  const traffic = startTraffic(load);
  const problems: string[] = [];
  const confirmed = await withTraffic(campaign, traffic, async () => {
    for (let time = 1; time <= times; time++) {
      for (const replica of cluster.replicas) {
        const code = await replica.stop();
        if (code !== 0) problems.push(`${replica.name} ended with ${code}`);
        await replica.start();
      }
      say(
        `${time} of ${times}: ${traffic.seen.length} requests; failed: ${tellFailures(traffic.failures())}`,
      );
    }
  });
  if (confirmed > 0) problems.push(`A person was asked about ${confirmed} charges`);
  if (traffic.cuts() > 0) problems.push(`${traffic.cuts()} event streams broke`);
  problems.push(...traffic.failures().map(describeFailure));
  problems.push(...(await findLosses(cluster, traffic, load.member)));
  const title = `${times} rolling restarts of ${cluster.replicas.length} replicas at ${load.perSecond} requests a second: ${traffic.accepted.length} generations, ${traffic.failures().length} of ${traffic.seen.length} requests failed`;
  return { title, traffic, problems };
}
