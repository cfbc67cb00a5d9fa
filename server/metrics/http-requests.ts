import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** One answered request. `route` is the declared path, such as `/api/v1/models/:id`, never the address itself. */
export interface AnsweredRequest {
  method: string;
  route: string;
  /** Of the answer; 499 where the client left before it began. */
  status: number;
  /** Null for an event stream, which lasts as long as someone looks. */
  seconds: number | null;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

const HEALTH = /^(\/api)?\/health\b/;

/** Rate, errors and duration of the requests that this process answered (the RED method). */
export function httpRequestMetrics(registry: Registry) {
  const registers = [registry];
  const requests = new Counter({
    name: "http_requests_total",
    help: "Requests that this process answered, by declared route.",
    labelNames: ["method", "route", "status_code"],
    registers,
  });
  const durations = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from the arrival of a request to the end of its answer; event streams are left out.",
    labelNames: ["method", "route"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const inFlight = new Gauge({
    name: "http_requests_in_flight",
    help: "Requests that this process is answering now, event streams included.",
    registers,
  });
  return {
    /** Since the start, and those of them that failed here; questions after the health are left out. */
    async totals(): Promise<{ all: number; failed: number }> {
      const { values } = await requests.get();
      const asked = values.filter(({ labels }) => !HEALTH.test(String(labels.route)));
      const sum = (some: typeof asked) => some.reduce((total, { value }) => total + value, 0);
      return {
        all: sum(asked),
        failed: sum(asked.filter(({ labels }) => Number(labels.status_code) >= 500)),
      };
    },
    begin: () => inFlight.inc(),
    end({ method, route, status, seconds }: AnsweredRequest) {
      inFlight.dec();
      const labels = { method: METHODS.has(method) ? method : "other", route };
      requests.inc({ ...labels, status_code: status });
      if (seconds !== null) durations.observe(labels, seconds);
    },
  };
}
