import type { Response } from "express";
import type { Account, SignedIn } from "../contract/account.ts";
import type { User } from "../models/user.ts";
import { ACCESS_SECONDS } from "../services/accounts/access-tokens.ts";
import type { SessionTokens } from "../services/accounts/sessions.ts";

export const presentAccount = (user: User): Account => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role,
  locale: user.locale,
  createdAt: user.createdAt.toISOString(),
  passwordChangedAt: user.passwordChangedAt?.toISOString() ?? null,
  lastSignInAt: user.lastSignInAt?.toISOString() ?? null,
});

/** Tokens are in the body only where a program asked for them; the page has them in cookies. */
export const presentSignedIn = (user: User, tokens: SessionTokens, wantsTokens: boolean): SignedIn => ({
  user: presentAccount(user),
  expiresInSeconds: ACCESS_SECONDS,
  ...(wantsTokens && { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken }),
});

/** Nothing of a sign-in may stay in a cache. */
export const privately = (response: Response) => response.set("Cache-Control", "no-store");
