import { countPresent } from "../../models/presence.ts";
import { type Check, NO_DATABASE, ok, problem, skipped } from "../check.ts";

/** Whether running processes of this database leave nothing to nobody: some serve, and some work. */
export const processes: Check = {
  name: "processes",
  async run({ database }) {
    if (!database?.isMigrated) return [NO_DATABASE];
    const { serves, works } = await countPresent(database.records);
    if (serves + works === 0) return [skipped("No process of the product runs with this database now.")];
    if (works === 0) {
      return [
        problem(
          `Nobody works: processes that serve people: ${serves}, that make models: 0.`,
          "Start one more with ROLE=worker, or one of them with ROLE=all.",
        ),
      ];
    }
    if (serves === 0) {
      return [
        problem(
          `Nobody serves people: processes that only work: ${works}.`,
          "Start one with ROLE=web or ROLE=all.",
        ),
      ];
    }
    return [ok(`Processes that serve people: ${serves}, that work: ${works}; one with ROLE=all does both.`)];
  },
};
