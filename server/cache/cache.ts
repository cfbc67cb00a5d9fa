/** Values by key that may go at any time: whoever asks must be able to do without. */
export interface Cache {
  /** Null where it is not there (any more). */
  get(key: string): Promise<string | null>;
  /** Keeps it for so many whole seconds, at least one, in place of what was there. */
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  /** Not there is no error. */
  delete(key: string): Promise<void>;
}
