import autocannon from "autocannon";

export interface Load {
  p50Ms: number;
  p99Ms: number;
  perSecond: number;
  bytesPerSecond: number;
}

/** Repeats a GET for `seconds` over `connections`. Throws when one answer was not a success. */
export async function load(
  url: string,
  options: { connections: number; seconds: number; headers?: Record<string, string> },
): Promise<Load> {
  const result = await autocannon({
    url,
    connections: options.connections,
    headers: options.headers,
    duration: options.seconds,
    timeout: 30,
  });
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0 || result["2xx"] === 0) {
    throw new Error(`${failed} of ${result.requests.total} requests of ${url} failed.`);
  }
  return {
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    perSecond: result.requests.average,
    bytesPerSecond: result.throughput.average,
  };
}
