/** Attempts about which the provider will still call, or whose call has not reached a server yet; by nonce. */
export interface PendingCalls {
  /** Counts the attempt that a callback address names while `work` runs. */
  during(callbackUrl: string, work: () => Promise<void>): Promise<void>;
  nonces(): string[];
}

export function createPendingCalls(): PendingCalls {
  const counts = new Map<string, number>();
  return {
    async during(callbackUrl, work) {
      const nonce = callbackUrl.split("/").at(-1)!;
      counts.set(nonce, (counts.get(nonce) ?? 0) + 1);
      try {
        await work();
      } finally {
        const left = counts.get(nonce)! - 1;
        if (left > 0) counts.set(nonce, left);
        else counts.delete(nonce);
      }
    },
    nonces: () => [...counts.keys()],
  };
}
