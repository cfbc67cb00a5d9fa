import type { Transaction } from "sequelize";
import type { Remembered } from "../../cache/remembered.ts";
import type { Records } from "../../models/records.ts";

interface Written {
  /** Which columns an update changes. */
  fields?: string[];
  transaction?: Transaction | null;
}

/** What tags are counted by. */
const COUNTED = ["tags", "visibility", "status", "deletedAt", "userId"];

/**
 * From now on what is kept of models is outdated with each write that changes it: after the commit, and before whoever
 * wrote has the answer. Rows that go by SQL of their own are in the trash already, or go with their owner's account.
 * What was kept before may be of another state of the database, such as before a restore by hand, and is outdated too.
 */
export async function followWrites({ Model3d, User }: Records, remembered: Remembered): Promise<void> {
  const outdate = async ({ fields, transaction }: Written) => {
    if (fields && !fields.some((field) => COUNTED.includes(field))) return;
    const now = () => remembered.outdate("user-data");
    if (transaction) transaction.afterCommit(now);
    else await now();
  };
  Model3d.addHook("afterCreate", (_model, options) => outdate({ transaction: options.transaction }));
  Model3d.addHook("afterBulkCreate", (_models, options) => outdate({ transaction: options.transaction }));
  Model3d.addHook("afterBulkUpdate", (options) => outdate(options));
  User.addHook("afterBulkUpdate", (options) => outdate(options));
  Model3d.addHook("afterUpdate", (_model, options) => outdate(options));
  Model3d.addHook("afterBulkDestroy", (options) => outdate({ transaction: options.transaction }));
  Model3d.addHook("afterDestroy", (_model, options) => outdate({ transaction: options.transaction }));
  await Promise.all([remembered.outdate("analytics"), remembered.outdate("user-data")]);
}
