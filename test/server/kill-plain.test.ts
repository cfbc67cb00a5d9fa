import assert from "node:assert/strict";
import { it } from "node:test";
import { runCampaign } from "../kill/campaign.ts";
import { SHORT_RUN } from "../kill/short-run.ts";

it("loses nothing and pays nothing twice when servers are killed", SHORT_RUN.test, async (context) => {
  const say = (line: string) => context.diagnostic(line);
  const { kills, violations } = await runCampaign({ ...SHORT_RUN.campaign, callbacks: false, say });
  assert.deepEqual(violations, []);
  assert.equal(kills.length, SHORT_RUN.campaign.kills);
});
