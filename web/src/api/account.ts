import type { z } from "zod";
import type {
  Account,
  AuthState,
  ForgotAnswer,
  Registered,
  SessionList,
  SignedIn,
  UpdateAccount,
  UpdatedAccount,
  VerifiedEmail,
} from "../../../server/contract/account.ts";
import type { InvitationOffer } from "../../../server/contract/invitation.ts";
import type { Language } from "../hooks/settings.ts";
import { API, request } from "./client.ts";

const AUTH = `${API}/auth`;

/** The person who has signed in. */
export type Me = Account;

export interface NewAccount {
  email: string;
  password: string;
  name: string;
  locale: Language;
}

const post = <T>(path: string, body: object = {}): Promise<T> =>
  request(`${AUTH}/${path}`, { method: "POST", body });

export const getMe = (signal?: AbortSignal): Promise<Me> => request(`${AUTH}/me`, signal ? { signal } : {});

export const getAuthState = (signal?: AbortSignal): Promise<AuthState> =>
  request(`${AUTH}/state`, signal ? { signal } : {});

export const signIn = (body: { email: string; password: string }) => post<SignedIn>("login", body);

export const signOut = () => post<void>("logout");

export const signOutEverywhere = () => post<void>("logout-everywhere");

export const claimFirstAdmin = (body: NewAccount & { token: string }) => post<SignedIn>("first-admin", body);

/** With the token of an invitation. */
export const join = (body: NewAccount & { invitation: string }) => post<SignedIn>("register", body);

/** Where registration is open. Whether or not the address has an account already, the answer is the same. */
export const register = (body: NewAccount) => post<Registered>("register", body);

/** Whether or not there is such an account, the answer is the same. */
export const askForReset = (email: string) => post<ForgotAnswer>("forgot", { email });

export const resetPassword = (body: { token: string; password: string }) => post<void>("reset", body);

export const verifyEmail = (token: string) => post<z.infer<typeof VerifiedEmail>>("verify", { token });

export const changePassword = (body: { currentPassword: string; newPassword: string }) =>
  post<void>("password", body);

export const changeMe = (body: z.input<typeof UpdateAccount>): Promise<UpdatedAccount> =>
  request(`${AUTH}/me`, { method: "PATCH", body });

export const deleteMe = (body: { password: string }): Promise<void> =>
  request(`${AUTH}/me`, { method: "DELETE", body });

export const EXPORT_URL = `${AUTH}/me/export`;

export const listSessions = (signal?: AbortSignal): Promise<z.infer<typeof SessionList>> =>
  request(`${AUTH}/sessions`, signal ? { signal } : {});

export const revokeSession = (id: string): Promise<void> =>
  request(`${AUTH}/sessions/${id}`, { method: "DELETE" });

export const readInvitation = (token: string, signal?: AbortSignal): Promise<InvitationOffer> =>
  request(`${API}/invitations/by-token/${encodeURIComponent(token)}`, signal ? { signal } : {});
