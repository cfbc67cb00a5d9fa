import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";
import type { User } from "../../models/user.ts";

/** Throws `not-found`. */
export async function findAccount({ User }: Records, id: string): Promise<User> {
  const user = await User.findByPk(id);
  if (!user) throw new AppError("not-found");
  return user;
}
