import { existsSync } from "node:fs";
import path from "node:path";
import { QueryTypes } from "sequelize";
import { v7 as newId } from "uuid";
import { createAccessTokens } from "../../services/accounts/access-tokens.ts";
import { completeSecrets } from "../../services/kept-secrets.ts";
import { type Check, NO_DATABASE, ok, problem, skipped, warning } from "../check.ts";

/** Housekeeping removes refusals daily, once their tokens have ended. */
const OVERDUE = "2 days";

/** Whether access tokens can be made and read here, and the list of those that are refused is kept. */
export const tokens: Check = {
  name: "tokens",
  async run({ config, database }) {
    if (config.access.kind === "localhost") return [skipped("There are none, for there is no sign-in.")];
    if (!database?.isMigrated) return [NO_DATABASE];
    if (config.secrets.jwt === null && !existsSync(path.join(config.dataFolder, "secrets.json"))) {
      return [ok("The first start makes the secret that signs them.")];
    }
    const { jwt } = await completeSecrets(config.secrets, config.dataFolder);
    const accessTokens = createAccessTokens(jwt);
    const claims = { userId: newId(), sessionId: newId(), tokenId: newId() };
    const read = await accessTokens.verify(await accessTokens.sign(claims)).catch(() => null);
    if (read?.tokenId !== claims.tokenId) {
      const cure = "Set the clock of this machine, and JWT_SECRET to a secret of at least 32 characters.";
      return [problem("An access token that was just made is refused.", cure)];
    }
    const [list] = await database.sequelize.query<{ refused: number; overdue: number }>(
      `SELECT count(*) FILTER (WHERE expires_at > now())::int AS refused,
              count(*) FILTER (WHERE expires_at < now() - interval '${OVERDUE}')::int AS overdue
         FROM revoked_tokens`,
      { type: QueryTypes.SELECT },
    );
    if (list.overdue > 0) {
      const cure = "Let a server run, and its background work housekeeping: it clears them up every day.";
      return [warning(`${list.overdue} refused tokens are kept though they ended ${OVERDUE} ago.`, cure)];
    }
    return [ok(`They can be made and read; ${list.refused} are refused before their end.`)];
  },
};
