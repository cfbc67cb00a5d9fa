import { z } from "zod";
import { ROLES } from "./access.ts";
import { Id, Name, Time } from "./common.ts";

export const LOCALES = ["en", "ru"] as const;

/** Letters of an address count the same, large or small. */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .check(z.email())
  .meta({ format: "email", description: "E-mail address; capital letters don't matter" });

export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 200;

/** A password that is being chosen. */
export const NewPassword = z
  .string()
  .min(PASSWORD_MIN)
  .max(PASSWORD_MAX)
  .meta({ description: "12 to 200 characters; common ones and parts of the e-mail address are refused" });

/** A password that may be right. */
const GivenPassword = z.string().min(1).max(PASSWORD_MAX);

/** A secret of a link or a session. */
export const SecretToken = z.string().min(20).max(200);

/** How this server is used, for pages before a sign-in. */
export const AuthState = z
  .object({
    mode: z.enum(["local", "accounts"]).meta({ description: "local: there is no sign-in" }),
    firstRun: z.boolean().meta({ description: "Nobody has an account yet" }),
    registration: z.enum(["closed", "open"]),
    mail: z.boolean().meta({ description: "Letters can be sent; else administrators pass links on" }),
  })
  .meta({ id: "AuthState" });
export type AuthState = z.infer<typeof AuthState>;

/** A person's own account. */
export const Account = z
  .object({
    id: Id,
    email: z.string().nullable().meta({ description: "null: the local user of a server without sign-in" }),
    name: z.string().nullable(),
    role: z.enum(ROLES),
    locale: z.enum(LOCALES).nullable(),
    createdAt: Time,
    passwordChangedAt: Time.nullable(),
    lastSignInAt: Time.nullable(),
  })
  .meta({ id: "Account" });
export type Account = z.infer<typeof Account>;

const wantsTokens = z
  .boolean()
  .default(false)
  .meta({ description: "Answer the tokens instead of setting cookies" });

export const Login = z
  .strictObject({ email: Email, password: GivenPassword, tokens: wantsTokens })
  .meta({ id: "Login" });

/** Without `refreshToken` the cookie is used. */
export const Refresh = z
  .strictObject({ refreshToken: SecretToken.optional(), tokens: wantsTokens })
  .meta({ id: "Refresh" });

export const SignedIn = z
  .object({
    user: Account,
    expiresInSeconds: z.number().int().meta({ description: "Refresh before this time has passed" }),
    accessToken: z.string().optional(),
    refreshToken: z.string().optional().meta({ description: "Good once; the next one comes with its use" }),
  })
  .meta({ id: "SignedIn" });
export type SignedIn = z.infer<typeof SignedIn>;

/** Changes of one's own account. */
export const UpdateAccount = z
  .strictObject({ name: Name.nullable().optional(), locale: z.enum(LOCALES).nullable().optional() })
  .meta({ id: "UpdateAccount" });
