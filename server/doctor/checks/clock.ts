import { QueryTypes } from "sequelize";
import { type Check, NO_DATABASE, ok, problem, warning } from "../check.ts";

const NOTABLE_SECONDS = 2;
const BAD_SECONDS = 30;

/** The product's deadlines go by the database's clock, tokens and letters by this machine's. */
export const clock: Check = {
  name: "clock",
  async run({ database }) {
    if (!database) return [NO_DATABASE];
    const before = Date.now();
    const [{ at }] = await database.sequelize.query<{ at: number }>(
      "SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS at",
      { type: QueryTypes.SELECT },
    );
    // Whatever lies between the question and the answer may be the time that they took.
    const seconds = Math.max(0, before - at, at - Date.now()) / 1000;
    if (seconds < NOTABLE_SECONDS) return [ok(`It agrees with the database's to ${seconds.toFixed(1)} s.`)];
    const found = seconds < BAD_SECONDS ? warning : problem;
    return [
      found(
        `It differs from the database's by ${seconds.toFixed(0)} s.`,
        "Let both machines set their clocks over the network (NTP).",
      ),
    ];
  },
};
