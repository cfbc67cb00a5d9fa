import { clientOptions } from "../../database/connect.ts";
import { createReplicaClient, primaryPosition, UnfitReplica } from "../../services/reads/replica-client.ts";
import { type Check, NO_DATABASE, ok, problem, skipped, warning } from "../check.ts";
import { unknownHost } from "../unknown-host.ts";

const PATIENCE_MS = 10_000;
const MEANWHILE = "Until then everything is read from the primary.";

/** Whether it is a standby of this database that can be asked, and how far behind it is. */
export const readReplica: Check = {
  name: "read-replica",
  async run({ config, database }) {
    if (!config.readReplica) return [skipped("DATABASE_READ_URL is not set: lists come from the primary.")];
    if (!database) return [NO_DATABASE];
    const { url } = config.readReplica;
    const client = createReplicaClient(url, PATIENCE_MS, () => undefined);
    try {
      const primary = await primaryPosition(database.sequelize);
      const behind = primary.lsn - (await client.position(primary.identity));
      if (behind <= 0) return [ok("The read replica is a standby of this database, and not behind.")];
      return [
        ok(`The read replica is a standby of this database, ${Math.ceil(behind / 1024)} KiB of log behind.`),
      ];
    } catch (error) {
      if (error instanceof UnfitReplica) {
        const cure = `Give DATABASE_READ_URL the address of one streaming standby of DATABASE_URL's server, or remove it. ${MEANWHILE}`;
        return [problem(error.message, cure)];
      }
      const unknown = unknownHost("DATABASE_READ_URL", clientOptions(url).host ?? "", error);
      if (unknown) return [unknown];
      const why = error instanceof Error ? error.message : String(error);
      const cure = `Start it, and check DATABASE_READ_URL and the network. ${MEANWHILE}`;
      return [warning(`The read replica can't be asked: ${why}`, cure)];
    } finally {
      await client.dispose();
    }
  },
};
