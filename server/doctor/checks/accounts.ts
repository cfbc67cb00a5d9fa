import { Op } from "sequelize";
import { type Check, NO_DATABASE, ok, problem, warning } from "../check.ts";

/** Whether somebody can sign in and administer. */
export const accounts: Check = {
  name: "accounts",
  async run({ config, database }) {
    if (config.access.kind === "localhost") return [ok("There are none, for there is no sign-in.")];
    if (!database?.isMigrated) return [NO_DATABASE];
    const named = { email: { [Op.ne]: null } };
    const { User } = database.records;
    const people = await User.count({ where: named });
    const admins = await User.count({ where: { ...named, role: "admin", disabledAt: null } });
    if (people === 0) {
      return config.access.admin
        ? [ok("The next start makes the administrator of ADMIN_EMAIL.")]
        : [
            warning(
              "Nobody has an account yet.",
              "Start the server and open the address in its log within an hour, or set ADMIN_EMAIL and ADMIN_PASSWORD.",
            ),
          ];
    }
    if (admins === 0) {
      return [
        problem(
          "No administrator can sign in.",
          "Make somebody one in the database: UPDATE users SET role = 'admin', disabled_at = NULL WHERE email = '...';",
        ),
      ];
    }
    return [ok(`${people} people, ${admins} of them administrators.`)];
  },
};
