export const VIEWER_ERRORS = [
  "offline",
  "unreachable",
  "missing",
  "refused",
  "unreadable",
  "no-webgl",
  "context-lost",
  "broken",
] as const;
export type ViewerErrorCode = (typeof VIEWER_ERRORS)[number];

/** Why no model is shown; the code chooses the text for people. */
export class ViewerError extends Error {
  readonly code: ViewerErrorCode;
  constructor(code: ViewerErrorCode, options?: ErrorOptions) {
    super(`The viewer stopped: ${code}`, options);
    this.name = "ViewerError";
    this.code = code;
  }
}

export const toViewerError = (error: unknown): ViewerError =>
  error instanceof ViewerError ? error : new ViewerError("broken", { cause: error });
