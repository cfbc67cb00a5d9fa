/** Whose password is tried, and from where; `address` null where it isn't known. */
export interface SignInAttempt {
  email: string;
  address: string | null;
}

/** Bounds how often passwords may be tried for an account and from an address, of all replicas together. */
export interface SignInGuard {
  /** Before a password is looked at. @throws AppError `rate-limited` with the time to wait */
  guardSignIn(attempt: SignInAttempt): Promise<void>;
  signInFailed(attempt: SignInAttempt): Promise<void>;
  signInSucceeded(attempt: SignInAttempt): Promise<void>;
}

/** For a server whose proxy does it. */
export const NO_GUARD: SignInGuard = {
  guardSignIn: async () => {},
  signInFailed: async () => {},
  signInSucceeded: async () => {},
};
