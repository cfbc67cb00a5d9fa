import { Meter } from "@base-ui/react/meter";

interface MeterBarProps {
  label: string;
  /** Of the whole, 0 to 1; null where it is not known. */
  share: number | null;
  /** What stands beside the name. */
  words: string;
  tone?: "plain" | "warn" | "bad";
}

/** A share of a whole as a bar. */
export function MeterBar({ label, share, words, tone = "plain" }: MeterBarProps) {
  const percent = Math.round((share ?? 0) * 100);
  return (
    <Meter.Root className="sys-meter" value={percent} aria-valuetext={words} data-tone={tone}>
      <Meter.Label>{label}</Meter.Label>
      <span aria-hidden="true">{words}</span>
      <Meter.Track className="sys-meter-track">
        <Meter.Indicator className="sys-meter-fill" />
      </Meter.Track>
    </Meter.Root>
  );
}
