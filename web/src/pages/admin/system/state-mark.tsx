import { CircleCheck, CircleMinus, CircleX, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ServiceState } from "../../../../../server/contract/monitor.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

const LOOKS: Readonly<Record<ServiceState, { tone: string; Icon: LucideIcon }>> = {
  healthy: { tone: "good", Icon: CircleCheck },
  degraded: { tone: "warn", Icon: TriangleAlert },
  unhealthy: { tone: "bad", Icon: CircleX },
  off: { tone: "off", Icon: CircleMinus },
};

/** A state in a mark, a colour and a word. */
export function StateMark({ state }: { state: ServiceState }) {
  const { s } = useSystemI18n();
  const { tone, Icon } = LOOKS[state];
  return (
    <span className="sys-mark" data-tone={tone}>
      <Icon size={14} aria-hidden="true" />
      {s(`states.${state}`)}
    </span>
  );
}
