import { z } from "zod";
import { PASSWORD_MAX } from "./account.ts";

export const DeleteAccount = z
  .strictObject({ password: z.string().min(1).max(PASSWORD_MAX).describe("Your password, once more") })
  .meta({ id: "DeleteAccount" });
