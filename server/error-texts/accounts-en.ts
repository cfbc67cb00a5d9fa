import type { ErrorCode, ErrorText } from "../error-table.ts";

/** Errors of sign-in, accounts and keys. */
export const ACCOUNTS_EN = {
  "sign-in-required": {
    title: "Sign in first",
    detail: "This address is for members, and the request names nobody.",
    suggestion: "Sign in, or send Authorization: Bearer with an access token or an API key.",
  },
  "sign-in-failed": {
    title: "E-mail address or password is wrong",
    detail: "No account here has this e-mail address with this password.",
    suggestion:
      "Check both. If you have just registered, open the link in the letter first; else reset the password.",
  },
  "account-disabled": {
    title: "The account is disabled",
    detail: "An administrator has turned this account off.",
    suggestion: "Ask an administrator of this server.",
  },
  "password-wrong": {
    title: "The password is wrong",
    detail: "This step asks for the password of your account, and this is not it.",
    suggestion: "Type your current password again. If you have forgotten it, sign out and reset it.",
  },
  "last-admin": {
    title: "The last administrator stays",
    detail: "Without this account nobody could administer the server any more.",
    suggestion: "Make somebody else an administrator first.",
  },
  "accounts-off": {
    title: "There is no sign-in here",
    detail: "This server runs for one computer only, without accounts.",
    suggestion: "Go on without signing in, or set AUTH=on and restart the server.",
  },
  "password-too-weak": {
    title: "Choose another password",
    detail: "The password is easily guessed.",
    suggestion: "Take four or five words that have nothing to do with each other or with you.",
  },
  "link-not-valid": {
    title: "The link is not valid",
    detail: "It has been used or revoked, its time is over, or it is incomplete.",
    suggestion:
      "Ask for a new one: whoever runs this server can make it. The first administrator's is the last one in the server's log; a restart makes a new one.",
  },
  "registration-closed": {
    title: "By invitation only",
    detail: "Nobody can make an account here without an invitation.",
    suggestion: "Ask an administrator for an invitation.",
  },
  "invitation-address": {
    title: "The invitation is for another address",
    detail: "This invitation names an e-mail address, and it is not the one given.",
    suggestion: "Use the address that was invited, or ask for an invitation for this one.",
  },
  "email-taken": {
    title: "The address has an account already",
    detail: "Somebody here signs in with this e-mail address.",
    suggestion: "Sign in with it, or use another address.",
  },
  "requested-with-missing": {
    title: "The request may come from another page",
    detail: "Changes that a cookie signs for must carry the header X-Requested-With: photo-to-3d.",
    suggestion: "Add the header. Programs had better send Authorization: Bearer instead of a cookie.",
  },
  "token-invalid": {
    title: "The sign-in is not valid",
    detail: "The token or key is not known here, was changed on the way, or has been revoked.",
    suggestion: "Sign in again, or use another API key.",
  },
  "token-expired": {
    title: "The sign-in has expired",
    detail: "Access tokens are good for 15 minutes.",
    suggestion: "Get a new one from POST /api/v1/auth/refresh, or sign in again.",
  },
  "api-key-expired": {
    title: "The API key has expired",
    detail: "The key worked for a limited time, and this time is over.",
    suggestion: "Make a new key on the page of your account.",
  },
  "api-key-limit": {
    title: "There are too many API keys",
    detail: "One person can have 50 API keys.",
    suggestion: "Revoke one that is not used any more.",
  },
  "provider-key-missing": {
    title: "Your key of the provider is gone",
    detail: "This work is paid by your own key, and the key was removed.",
    suggestion:
      "Save a key of the same account again, then retry: what the provider has made already is only fetched.",
  },
  "provider-key-refused": {
    title: "The provider refuses your key",
    detail: "The provider says that it does not know this key, or does not let it in.",
    suggestion: "Copy the key from your account at the provider again, save it, and retry.",
  },
  "provider-key-balance": {
    title: "Your account at the provider has too little money",
    detail:
      "This work is paid by your own key, and the balance behind it does not suffice. Nothing was charged.",
    suggestion: "Top up your account at the provider, then retry.",
  },
  "provider-key-unchecked": {
    title: "The key could not be checked",
    detail: "The provider did not answer, so the key was not saved.",
    suggestion: "Try again in a few minutes.",
  },
  "encryption-key-changed": {
    title: "A saved key can't be read",
    detail: "It was sealed with another encryption key than the server has now.",
    suggestion:
      "Save the key again; or the administrator sets API_ENCRYPTION_KEY_PREVIOUS to the old value and runs npm run rotate-keys.",
  },
  "not-allowed": {
    title: "Not allowed",
    detail: "Your role, or the scope of your API key, does not include this.",
    suggestion: "Ask an administrator, or use a key with the scope that is needed.",
  },
} satisfies Partial<Record<ErrorCode, ErrorText>>;
