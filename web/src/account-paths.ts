/** Addresses of the views that only a server with accounts has. */
export const accountPaths = {
  signIn: "/sign-in",
  register: "/register",
  forgot: "/forgot",
  account: "/account",
  keys: "/account/keys",
  users: "/admin/users",
  audit: "/admin/audit",
} as const;
