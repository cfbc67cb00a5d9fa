import { openConfiguredDatabase, readConfiguration } from "../../database/cli-settings.ts";
import { connectDatabase } from "../../database/connect.ts";
import { defineRecords } from "../../models/records.ts";
import { SERVER } from "../audit.ts";
import { completeSecrets } from "../kept-secrets.ts";
import { createResetLink } from "./recover.ts";
import { createSecretTokens } from "./secret-tokens.ts";

// `npm run reset-link -- ADDRESS`, on the server's machine: the way back in where no administrator and no letter helps.
try {
  const email = process.argv[2]?.trim().toLowerCase();
  if (!email) throw new Error("Say whose password it is: npm run reset-link -- me@example.com");
  const { config } = readConfiguration();
  const { session } = await completeSecrets(config.secrets, config.dataFolder);
  const database = await openConfiguredDatabase();
  const sequelize = connectDatabase({ url: database.url, pool: { ...config.pool, min: 0, max: 2 } });
  try {
    const records = defineRecords(sequelize);
    const user = await records.User.findOne({ where: { email } });
    if (!user) throw new Error(`Nobody here has the address ${email}.`);
    const deps = { records, secretTokens: createSecretTokens(session) };
    const origin = config.publicUrl ?? `http://localhost:${config.listen.port}`;
    const { url } = await createResetLink(deps, user.id, { by: SERVER, origin });
    console.log(`A new password can be chosen here, once and within a day:\n${url}`);
  } finally {
    await sequelize.close();
    await database.dispose();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
