interface Sample {
  /** By this process' own clock, before the primary was asked, milliseconds. */
  at: number;
  /** Where the primary was, bytes of its log. */
  lsn: number;
}

const LONGEST = 3600;

/** Where the primary was and when, from which follows how old a replica at some position is. */
export function createTrail() {
  let samples: Sample[] = [];
  /** Whether the first sample is one that the replica is known to have passed. */
  let isPassed = false;
  let replayed = 0;
  return {
    /** Where the primary is now. */
    add(sample: Sample): void {
      samples.push(sample);
      if (samples.length > LONGEST) samples.splice(1, 1);
    },
    /** The replica has replayed the log up to here. */
    pass(lsn: number): void {
      replayed = Math.max(replayed, lsn);
      const last = samples.findLastIndex((sample) => sample.lsn <= replayed);
      if (last < 0) return;
      samples = samples.slice(last);
      isPassed = true;
    },
    /** Where the replica is, is not known any more. */
    forget(): void {
      isPassed = false;
      replayed = 0;
    },
    /** Up to where the replica has replayed the log; 0 where that is not known. */
    passed: () => replayed,
    /** All that was on the primary so long ago is on the replica. */
    ageMs: () => (isPassed ? performance.now() - samples[0].at : Number.POSITIVE_INFINITY),
    /** Null where it is not known. */
    lagSeconds(): number | null {
      if (!isPassed) return null;
      const newest = samples[samples.length - 1];
      return samples[0].lsn >= newest.lsn ? 0 : (performance.now() - samples[0].at) / 1000;
    },
  };
}
