import type { Records } from "../../models/records.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { AccessTokens } from "./access-tokens.ts";
import type { Passwords } from "./passwords.ts";
import type { Revocations } from "./revocations.ts";
import type { SecretTokens } from "./secret-tokens.ts";
import type { SignInGuard } from "./sign-in-guard.ts";

/** What the work on accounts is made of. */
export interface AccountDeps {
  records: Records;
  passwords: Passwords;
  accessTokens: AccessTokens;
  secretTokens: SecretTokens;
  revocations: Revocations;
  guard: SignInGuard;
  /** Null: no letters can be sent. */
  mailer: Mailer | null;
}
