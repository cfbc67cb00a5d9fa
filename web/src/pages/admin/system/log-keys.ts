/**
 * A name for each line, the newest first as they came, that it keeps while newer ones come: its time, and how many
 * older lines have the same.
 */
export function keysOf(lines: readonly { timestamp: string }[]): string[] {
  const seen = new Map<string, number>();
  return lines
    .toReversed()
    .map(({ timestamp }) => {
      const before = seen.get(timestamp) ?? 0;
      seen.set(timestamp, before + 1);
      return `${timestamp} ${before}`;
    })
    .toReversed();
}
