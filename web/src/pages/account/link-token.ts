import { useState } from "react";

/** The secret of a link: it is behind the #, which browsers send to no server. Empty where it is missing. */
export function useLinkToken(): string {
  const [token] = useState(() => window.location.hash.slice(1).trim());
  return token;
}
