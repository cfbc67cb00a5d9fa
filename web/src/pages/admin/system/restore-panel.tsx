import { useEffect, useRef, useState } from "react";
import type { RestoreStatus } from "../../../../../server/contract/restore.ts";
import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { ProgressBar } from "../../../components/progress-bar.tsx";
import { DecideDialog } from "./decide-dialog.tsx";
import type { Decision } from "./restore-queries.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

const STEPS = ["checking", "draining", "database", "files", "swapping"] as const;

function Running({ name, step }: { name: string; step: RestoreStatus["step"] }) {
  const { s } = useSystemI18n();
  const title = s("backups.restoring.running", { name });
  const done = step ? STEPS.indexOf(step) : 0;
  return (
    <section className="sys-run" aria-label={title}>
      <h3>{title}</h3>
      <ProgressBar label={title} percent={null} />
      <ol className="sys-steps">
        {STEPS.map((one, index) => (
          <li
            key={one}
            data-state={index < done ? "done" : index === done ? "now" : undefined}
            aria-current={index === done ? "step" : undefined}
          >
            {s(`backups.restoring.steps.${one}`)}
          </li>
        ))}
      </ol>
      <p className="sys-quiet">{s("backups.restoring.runningHint")}</p>
    </section>
  );
}

/** A restore that is under way, that waits for a decision, or that came to nothing. */
export function RestorePanel({ status }: { status: RestoreStatus }) {
  const { s } = useSystemI18n();
  const [decision, setDecision] = useState<Decision | null>(null);
  const { state, step, failure } = status;
  const name = status.filename ?? "";
  const panel = useRef<HTMLDivElement>(null);
  const before = useRef(state);
  // Whoever asked for it far down in the list has to see what comes of it.
  useEffect(() => {
    if (before.current !== state && state !== "none") {
      panel.current?.scrollIntoView({ block: "center" });
    }
    before.current = state;
  }, [state]);
  return (
    <div ref={panel} role="status" className="sys-live">
      {state === "running" && <Running name={name} step={step} />}
      {state === "restored" && (
        <Notice
          tone="warn"
          title={s("backups.restoring.restored", { name })}
          actions={
            <>
              <Button variant="primary" onClick={() => setDecision("confirm")}>
                {s("backups.restoring.keep")}
              </Button>
              <Button variant="danger" onClick={() => setDecision("undo")}>
                {s("backups.restoring.undo")}
              </Button>
            </>
          }
        >
          {s("backups.restoring.restoredHint")}
        </Notice>
      )}
      {state === "none" && failure && (
        <Notice tone="error" title={s("backups.restoring.failedTitle", { name: failure.filename })}>
          {`${failure.message} ${s("backups.restoring.failedHint")}`}
        </Notice>
      )}
      {decision && <DecideDialog decision={decision} filename={name} onClose={() => setDecision(null)} />}
    </div>
  );
}
