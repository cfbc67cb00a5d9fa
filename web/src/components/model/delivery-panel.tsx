import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import type { Model } from "../../../../server/contract/model.ts";
import type { ModelChange } from "../../api/models.ts";
import { formatBytes } from "../../i18n/format.ts";
import { Button } from "../button.tsx";
import { ErrorNotice } from "../error-notice.tsx";
import { BOUNDS, type BoundChoice, boundOf, choiceOf } from "./byte-budget.ts";
import fields from "./fields.module.css";
import styles from "./model-facts.module.css";
import { useDeliveryI18n } from "./use-delivery-i18n.ts";

type DeliveryPanelProps = { model: Model; change: (part: ModelChange) => Promise<unknown> };

/** How large `model.glb` may be; another bound makes it anew. */
export function DeliveryPanel({ model, change }: DeliveryPanelProps) {
  const { d, language } = useDeliveryI18n();
  const id = useId();
  const { maxBytes } = model.delivery;
  const record = model.stats.delivery;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 6, useGrouping: false });
  const [choice, setChoice] = useState(choiceOf(maxBytes));
  const [text, setText] = useState(maxBytes && choice === "own" ? number.format(maxBytes / 1e6) : "");
  const [tried, setTried] = useState(false);
  const make = useMutation({
    mutationFn: (bound: number | null) => change({ delivery: { maxBytes: bound } }),
  });
  const bound = boundOf(choice, text);
  const wrong = tried && bound === undefined;
  const size = (bytes: number) => formatBytes(bytes, language);

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (bound !== undefined && !make.isPending) make.mutate(bound);
  }

  return (
    <section className={styles.card} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{d("title")}</h2>
      <p className={styles.soft}>{d("text")}</p>
      {record && <p>{d("now", { size: size(record.bytes), original: size(record.originalBytes) })}</p>}
      {maxBytes === null && record?.maxBytes && (
        <p className={styles.soft}>{d("server", { size: size(record.maxBytes) })}</p>
      )}
      <form className={fields.form} noValidate onSubmit={submit}>
        <label className={fields.field}>
          {d("label")}
          <select value={choice} onChange={(event) => setChoice(event.target.value as BoundChoice)}>
            <option value="none">{d("choices.none")}</option>
            {BOUNDS.map((bytes) => (
              <option key={bytes} value={String(bytes)}>
                {size(bytes)}
              </option>
            ))}
            <option value="own">{d("choices.own")}</option>
          </select>
        </label>
        {choice === "own" && (
          <label className={fields.field}>
            {d("own")}
            <input
              inputMode="decimal"
              autoComplete="off"
              value={text}
              aria-invalid={wrong || undefined}
              aria-describedby={wrong ? `${id}-wrong` : undefined}
              onChange={(event) => setText(event.target.value)}
            />
          </label>
        )}
        <p id={`${id}-wrong`} className={fields.note} aria-live="polite">
          {wrong && <span className={fields.wrong}>{d("invalid")}</span>}
        </p>
        <Button type="submit" className={fields.wide} aria-disabled={make.isPending}>
          {d(make.isPending ? "busy" : "apply")}
        </Button>
      </form>
      <p className={styles.soft} role="status">
        {make.isPending && <span className="visually-hidden">{d("busy")}</span>}
        {make.isSuccess && record && d("made", { size: size(record.bytes) })}
      </p>
      {make.isError && <ErrorNotice error={make.error} title={d("failed")} />}
    </section>
  );
}
