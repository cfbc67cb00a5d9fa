interface ErrorEntry {
  status: number;
  /** Whether the same request may succeed later. */
  retryable: boolean;
  /** Whether an operator should see it in the log as a warning. */
  report: boolean;
}

/** Every error that leaves the product. Its words are in `error-texts/`. */
export const ERROR_TABLE = {
  "invalid-request": { status: 400, retryable: false, report: false },
  "malformed-json": { status: 400, retryable: false, report: false },
  "request-too-large": { status: 413, retryable: false, report: false },
  "not-found": { status: 404, retryable: false, report: false },
  "method-not-allowed": { status: 405, retryable: false, report: false },
  "host-not-allowed": { status: 403, retryable: false, report: false },
  "ops-token-required": { status: 401, retryable: false, report: false },
  "sign-in-required": { status: 401, retryable: false, report: false },
  "sign-in-failed": { status: 401, retryable: false, report: false },
  "account-disabled": { status: 403, retryable: false, report: false },
  "password-wrong": { status: 403, retryable: false, report: false },
  "last-admin": { status: 409, retryable: false, report: false },
  "accounts-off": { status: 409, retryable: false, report: false },
  "token-invalid": { status: 401, retryable: false, report: false },
  "token-expired": { status: 401, retryable: true, report: false },
  "api-key-expired": { status: 401, retryable: false, report: false },
  "api-key-limit": { status: 409, retryable: false, report: false },
  "not-allowed": { status: 403, retryable: false, report: false },
  "cross-origin": { status: 403, retryable: false, report: false },
  conflict: { status: 409, retryable: false, report: false },
  "duplicate-generation": { status: 409, retryable: true, report: false },
  "idempotency-mismatch": { status: 409, retryable: false, report: false },
  "precondition-failed": { status: 412, retryable: false, report: false },
  "upload-missing": { status: 400, retryable: false, report: false },
  "upload-malformed": { status: 400, retryable: false, report: false },
  "upload-aborted": { status: 400, retryable: true, report: false },
  "photo-too-large": { status: 413, retryable: false, report: false },
  "photo-too-many-pixels": { status: 422, retryable: false, report: false },
  "photo-too-small": { status: 422, retryable: false, report: false },
  "not-an-image": { status: 415, retryable: false, report: false },
  "photo-damaged": { status: 422, retryable: false, report: false },
  "not-a-glb": { status: 415, retryable: false, report: false },
  "no-object-found": { status: 422, retryable: false, report: false },
  "invalid-params": { status: 422, retryable: false, report: false },
  "unknown-network": { status: 422, retryable: false, report: false },
  "provider-unavailable": { status: 422, retryable: false, report: false },
  "provider-unauthorized": { status: 502, retryable: false, report: true },
  "budget-exceeded": { status: 402, retryable: true, report: true },
  "provider-balance": { status: 402, retryable: true, report: true },
  "provider-key-missing": { status: 409, retryable: true, report: false },
  "provider-key-refused": { status: 422, retryable: true, report: false },
  "provider-key-balance": { status: 402, retryable: true, report: false },
  "provider-key-unchecked": { status: 503, retryable: true, report: false },
  "encryption-key-changed": { status: 500, retryable: false, report: true },
  "provider-forbidden": { status: 502, retryable: false, report: true },
  "provider-rejected": { status: 422, retryable: false, report: false },
  "provider-busy": { status: 503, retryable: true, report: false },
  "provider-away": { status: 503, retryable: true, report: true },
  "provider-unreachable": { status: 503, retryable: true, report: true },
  "provider-failed": { status: 502, retryable: true, report: false },
  "submit-unknown": { status: 409, retryable: true, report: true },
  "second-charge": { status: 409, retryable: false, report: false },
  "queue-timeout": { status: 504, retryable: true, report: true },
  "generation-timeout": { status: 504, retryable: true, report: false },
  "generator-crashed": { status: 500, retryable: true, report: true },
  "result-unreachable": { status: 502, retryable: true, report: true },
  "result-not-allowed": { status: 502, retryable: false, report: true },
  "result-too-large": { status: 502, retryable: false, report: true },
  "result-invalid": { status: 502, retryable: true, report: true },
  "model-invalid": { status: 422, retryable: false, report: false },
  "export-failed": { status: 422, retryable: false, report: true },
  "file-missing": { status: 404, retryable: false, report: true },
  canceled: { status: 409, retryable: false, report: false },
  "webhook-url-not-allowed": { status: 422, retryable: false, report: false },
  "webhook-limit": { status: 409, retryable: false, report: false },
  "webhook-disabled": { status: 409, retryable: false, report: false },
  "share-not-found": { status: 404, retryable: false, report: false },
  "share-expired": { status: 410, retryable: false, report: false },
  "share-model-removed": { status: 410, retryable: false, report: false },
  "share-limit": { status: 409, retryable: false, report: false },
  "disk-full": { status: 507, retryable: true, report: true },
  overloaded: { status: 503, retryable: true, report: false },
  "shutting-down": { status: 503, retryable: true, report: false },
  "database-unavailable": { status: 503, retryable: true, report: true },
  internal: { status: 500, retryable: true, report: true },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_TABLE;

export interface ErrorText {
  title: string;
  detail: string;
  suggestion: string;
}
