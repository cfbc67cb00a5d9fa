export interface Sample {
  labels: Record<string, string>;
  value: number;
}

/** One metric that is made of a query's rows. */
export interface Figure<Row> {
  /** `counter` only for what never falls, or Prometheus takes the fall for a restart. */
  type: "counter" | "gauge";
  name: string;
  help: string;
  labelNames: string[];
  samples(rows: Row[]): Sample[];
}

/** One query of a scrape and what is made of it. The figures are the same on every replica. */
export interface FigureSource<Row = never> {
  sql: string;
  figures: Figure<Row>[];
}

/** Adds up the values of equal labels; what is in `always` is there even where no row speaks of it. */
export function summed(samples: Sample[], always: Record<string, string>[] = []): Sample[] {
  const sums = new Map<string, Sample>();
  for (const { labels, value } of [...always.map((labels) => ({ labels, value: 0 })), ...samples]) {
    const key = JSON.stringify(Object.entries(labels).sort());
    sums.set(key, { labels, value: value + (sums.get(key)?.value ?? 0) });
  }
  return [...sums.values()];
}
