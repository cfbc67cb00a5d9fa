import type { ErrorCode } from "../errors.ts";

const OWN: Partial<Record<ErrorCode, ErrorCode>> = {
  "provider-balance": "provider-key-balance",
  "provider-unauthorized": "provider-key-refused",
};

/**
 * What a refusal is called when the user's own key met it: it ends this work, with what the user can do, and holds up
 * nobody else's.
 */
export const ownKeyCode = (code: ErrorCode): ErrorCode => OWN[code] ?? code;
