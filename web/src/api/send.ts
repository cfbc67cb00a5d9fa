/** What a server with accounts adds to requests; a server without accounts needs none. */
export interface SessionGuard {
  /** Resolves once requests carry a sign-in that is good for a while yet, as far as is known here. */
  ready(): Promise<void>;
  /** Mends the sign-in that a request of the time `sentAt` (ms) was refused for: whether it may be sent again. */
  mend(code: string, sentAt: number): Promise<boolean>;
  /** Asks for something small, which mends the sign-in where it was refused: streams don't say what befell them. */
  probe(): Promise<unknown>;
}

let guard: SessionGuard | null = null;

/** From now on the sign-in is kept fresh for every request. */
export function guardRequests(by: SessionGuard): void {
  guard = by;
}

export const sessionGuard = (): SessionGuard | null => guard;

async function codeOf(response: Response): Promise<string> {
  try {
    return ((await response.clone().json()) as { code: string }).code;
  } catch {
    return "";
  }
}

/** `fetch` with a fresh sign-in: what was refused because it had expired is sent once more. */
export async function send(path: string, init?: RequestInit): Promise<Response> {
  if (!guard) return fetch(path, init);
  await guard.ready();
  const sentAt = Date.now();
  const response = await fetch(path, init);
  if (response.status !== 401 || !(await guard.mend(await codeOf(response), sentAt))) return response;
  return fetch(path, init);
}
