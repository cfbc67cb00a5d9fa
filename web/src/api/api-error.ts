import type { Problem } from "../../../server/contract/problem.ts";

type Details = Partial<Pick<Problem, "suggestion" | "requestId" | "errors">> & {
  retryAfterSeconds?: number;
};

/** Looks a header of an answer up. */
type ReadHeader = (name: string) => string | null;

/** HTTP status of an answer that asks for patience. */
export const TOO_MANY = 429;

/** An answer that is not a success, or no answer at all (`status` 0, `code` "offline" or "unreachable"). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryable: boolean;
  readonly suggestion: string | null;
  readonly requestId: string | null;
  /** How long the server wants to be left alone. */
  readonly retryAfterSeconds: number | null;
  /** Fields that the server refused, by path. */
  readonly fields: ReadonlyArray<{ path: string; message: string }>;

  constructor(status: number, code: string, detail: string, retryable: boolean, details: Details = {}) {
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.retryable = retryable;
    this.suggestion = details.suggestion ?? null;
    this.requestId = details.requestId ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
    this.fields = details.errors ?? [];
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}

/** Reads problem details (RFC 9457) from an answer's text; an answer of another kind gets the code "unexpected". */
export function toApiError(status: number, text: string, header: ReadHeader): ApiError {
  const retryAfterSeconds = Number(header("Retry-After")) || undefined;
  try {
    const body: unknown = JSON.parse(text);
    if (isProblem(body))
      return new ApiError(status, body.code, body.detail, body.retryable, {
        ...body,
        ...(retryAfterSeconds && { retryAfterSeconds }),
      });
  } catch {
    // Not JSON: an intermediary answered in place of the server.
  }
  const requestId = header("X-Request-Id");
  const details = requestId ? { requestId } : {};
  return new ApiError(status, "unexpected", `HTTP ${status}`, status >= 500, details);
}

/** No answer came: the browser is offline, or the server is away. */
export function noAnswer(): ApiError {
  return navigator.onLine
    ? new ApiError(0, "unreachable", "The server does not answer.", true)
    : new ApiError(0, "offline", "There is no connection.", true);
}
