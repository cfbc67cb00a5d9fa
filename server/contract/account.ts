import { z } from "zod";
import { ROLES } from "./access.ts";
import { Id, Name, Time } from "./common.ts";
import { MaintenanceNotice } from "./maintenance.ts";

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
    maintenance: MaintenanceNotice,
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

/** What one sees of oneself. */
export const OwnAccount = Account.extend({
  storage: z.object({
    usedBytes: z.number().int().meta({ description: "Of your photos and models, those in the trash too" }),
    maxBytes: z.number().int().nullable().meta({ description: "null: no bound" }),
  }),
}).meta({ id: "OwnAccount" });
export type OwnAccount = z.infer<typeof OwnAccount>;

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

/** Who somebody wants to be here. */
const NewPerson = z.strictObject({
  email: Email,
  password: NewPassword,
  name: Name.nullable().default(null),
  locale: z.enum(LOCALES).nullable().default(null),
});

/** `token` is from the link in the server's log. */
export const FirstAdmin = NewPerson.extend({ token: SecretToken, tokens: wantsTokens }).meta({
  id: "FirstAdmin",
});

/** With the token of an `invitation`, or without one where registration is open. */
export const Register = NewPerson.extend({
  invitation: SecretToken.optional(),
  tokens: wantsTokens,
}).meta({ id: "Register" });

/** What to do after a registration without invitation; the same whether or not the address has an account. */
export const Registered = z.object({ next: z.enum(["check-mail", "sign-in"]) }).meta({ id: "Registered" });
export type Registered = z.infer<typeof Registered>;

export const ForgotPassword = z.strictObject({ email: Email }).meta({ id: "ForgotPassword" });

/** What to do about a forgotten password; the same whether or not the address has an account. */
export const ForgotAnswer = z
  .object({ next: z.enum(["check-mail", "ask-administrator"]) })
  .meta({ id: "ForgotAnswer" });
export type ForgotAnswer = z.infer<typeof ForgotAnswer>;

export const ResetPassword = z
  .strictObject({ token: SecretToken, password: NewPassword })
  .meta({ id: "ResetPassword" });

export const VerifyEmail = z.strictObject({ token: SecretToken }).meta({ id: "VerifyEmail" });

/** The address that was confirmed. */
export const VerifiedEmail = z.object({ email: z.string() }).meta({ id: "VerifiedEmail" });

export const ChangePassword = z
  .strictObject({ currentPassword: GivenPassword, newPassword: NewPassword })
  .meta({ id: "ChangePassword" });

/**
 * Changes of one's own account. A new `email` needs the password; where letters can be sent, it counts from the moment
 * on which the link in one is opened, and is `pendingEmail` until then.
 */
export const UpdateAccount = z
  .strictObject({
    name: Name.nullable().optional(),
    locale: z.enum(LOCALES).nullable().optional(),
    email: Email.optional(),
    currentPassword: GivenPassword.optional(),
  })
  .meta({ id: "UpdateAccount" });

export const UpdatedAccount = Account.extend({
  pendingEmail: z.string().nullable().meta({ description: "Waits for the link in the letter to be opened" }),
}).meta({ id: "UpdatedAccount" });
export type UpdatedAccount = z.infer<typeof UpdatedAccount>;

/** A sign-in on one device. */
export const Session = z
  .object({
    id: Id,
    current: z.boolean().meta({ description: "The one that asks" }),
    device: z
      .object({ browser: z.string().nullable(), system: z.string().nullable() })
      .meta({ description: "Names such as Firefox and Windows, as the device gives itself out" }),
    address: z.string().nullable(),
    createdAt: Time,
    lastUsedAt: Time,
    expiresAt: Time,
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof Session>;

export const SessionList = z
  .object({ items: z.array(Session), nextCursor: z.null() })
  .meta({ id: "SessionList" });
