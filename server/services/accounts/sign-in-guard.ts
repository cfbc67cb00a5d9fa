import type { Attempts } from "../limits/attempts.ts";
import { networkOf } from "../limits/network.ts";

/** Whose password is tried, and from where; `address` null where it isn't known. */
export interface SignInAttempt {
  email: string;
  address: string | null;
}

/** Bounds how often passwords may be tried for an account and from an address, of all replicas together. */
export interface SignInGuard {
  /** Counts an attempt before a password is looked at. @throws AppError `rate-limited` with the time to wait */
  guardSignIn(attempt: SignInAttempt): Promise<void>;
  /** The attempt was none; what had failed before, from there, is forgotten. */
  signInSucceeded(attempt: SignInAttempt): Promise<void>;
}

/**
 * Attempts are counted first and taken back on success: so many at the same moment count as they should. A success
 * says nothing for other addresses that try the same account, nor for other accounts tried from the same address.
 */
export const createSignInGuard = (attempts: Attempts): SignInGuard => {
  const keysOf = ({ email, address }: SignInAttempt) => {
    const from = networkOf(address);
    return { pair: `${email} ${from}`, account: email, from };
  };
  return {
    async guardSignIn(attempt) {
      const { pair, account, from } = keysOf(attempt);
      await attempts.take("sign-in-address", from);
      await attempts.take("sign-in", pair);
      await attempts.take("sign-in-account", account);
    },
    async signInSucceeded(attempt) {
      const { pair, account, from } = keysOf(attempt);
      await Promise.all([
        attempts.forget("sign-in", pair),
        attempts.takeBack("sign-in-account", account),
        attempts.takeBack("sign-in-address", from),
      ]);
    },
  };
};
