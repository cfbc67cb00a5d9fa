import assert from "node:assert/strict";
import { hostileUrls, hostOf, LOCAL_URLS } from "./attacks.ts";
import { attempt, leadingTo } from "./attempt.ts";
import { openCanary, reach } from "./canary.ts";
import { FRONT_NAME, makeFront } from "./front.ts";

/**
 * Runs in a network namespace of its own in which every address of its arguments is this machine: the first is a
 * public one, where an honest file host answers, the others are inside. Prints what was tried and how it ended.
 */
const [publicAddress, ...insideAddresses] = process.argv.slice(2);
const front = await makeFront();
const PORTS = [443, 8443];

const canaries = await Promise.all(
  PORTS.map(async (port) => {
    const canary = await openCanary("::", port, (socket) => {
      const isFront = port === 443 && socket.localAddress === `::ffff:${publicAddress}`;
      if (isFront) front.serve(socket);
      return isFront;
    });
    return canary ?? assert.fail(`The canary can't listen on port ${port}`);
  }),
);
const hits = () => canaries.reduce((sum, canary) => sum + canary.hits(), 0);

for (const address of insideAddresses) for (const port of PORTS) await reach(address, port);
const controls = hits();
assert.equal(controls, insideAddresses.length * PORTS.length, "the canaries can't be reached");
const toFront = leadingTo([publicAddress]);
assert.equal(await attempt(`https://${FRONT_NAME}/file`, [FRONT_NAME], { lookup: toFront }), "fetched");

const outcomes: Record<string, Record<string, number>> = {};
async function tally(kind: string, outcome: Promise<string>): Promise<void> {
  outcomes[kind] ??= {};
  outcomes[kind][await outcome] = (outcomes[kind][await outcome] ?? 0) + 1;
}

const redirectTo = (url: string) => `https://${FRONT_NAME}/to?${encodeURIComponent(url)}`;
for (const url of LOCAL_URLS) {
  await tally("direct", attempt(url, [hostOf(url)]));
  await tally("redirect", attempt(redirectTo(url), [FRONT_NAME, hostOf(url)], { lookup: toFront }));
}
const downgrade = redirectTo(`http://${FRONT_NAME}/file`);
await tally("downgrade", attempt(downgrade, [FRONT_NAME], { lookup: toFront }));
for (const address of insideAddresses) {
  for (const port of PORTS) {
    for (const url of hostileUrls(address, port)) {
      await tally("direct", attempt(url, [hostOf(url)]));
      if (port !== 443) continue;
      await tally("redirect", attempt(redirectTo(url), [FRONT_NAME, hostOf(url)], { lookup: toFront }));
    }
  }
  const mapped = address.includes(":") ? [] : [[`::ffff:${address}`]];
  for (const answer of [[address], [publicAddress, address], [address, publicAddress], ...mapped]) {
    const lookup = leadingTo(answer);
    await tally("name", attempt(`https://${FRONT_NAME}/file`, [FRONT_NAME], { lookup }));
  }
  // The name leads outside first, and inside when the broken download goes on.
  const turning = { lookup: leadingTo([publicAddress], [address]) };
  await tally("rebinding", attempt(`https://${FRONT_NAME}/cut`, [FRONT_NAME], turning));
  const hopping = { lookup: leadingTo([publicAddress], [address]) };
  const hop = redirectTo(`https://${FRONT_NAME}/file`);
  await tally("rebinding", attempt(hop, [FRONT_NAME], hopping));
}

console.log(JSON.stringify({ controls, hits: hits() - controls, outcomes }));
process.exit(0);
