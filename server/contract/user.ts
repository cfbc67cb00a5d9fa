import { z } from "zod";
import { ROLES } from "./access.ts";
import { Id, Name, PageQuery, pageOf, Time } from "./common.ts";

/** A member, as administrators see them. */
export const User = z
  .object({
    id: Id,
    email: z.string(),
    name: z.string().nullable(),
    role: z.enum(ROLES),
    disabledAt: Time.nullable(),
    emailVerifiedAt: Time.nullable(),
    createdAt: Time,
    lastSignInAt: Time.nullable(),
    storageBytes: z
      .number()
      .int()
      .meta({ description: "Of their photos and models, those in the trash too" }),
  })
  .meta({ id: "User" });
export type User = z.infer<typeof User>;

export const UserPage = pageOf(User).meta({ id: "UserPage" });

export const UserQuery = PageQuery.extend({
  q: z
    .string()
    .trim()
    .max(200)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, "Control characters are not possible here.")
    .optional()
    .meta({ description: "Part of the name or the e-mail address" }),
}).strict();

export const UpdateUser = z
  .strictObject({
    role: z.enum(ROLES).optional(),
    disabled: z.boolean().optional(),
    name: Name.nullable().optional(),
  })
  .meta({ id: "UpdateUser" });

/** A link by which its holder chooses a new password for a member, once. */
export const ResetLink = z.object({ url: z.string(), expiresAt: Time }).meta({ id: "ResetLink" });
export type ResetLink = z.infer<typeof ResetLink>;
