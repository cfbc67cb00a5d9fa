import { type FormEvent, useId, useState } from "react";
import type { Model } from "../../../../server/contract/model.ts";
import { Button } from "../../components/button.tsx";
import type { Editing } from "../../components/model/editing.ts";
import fields from "../../components/model/fields.module.css";
import { EXTENTS, type Extent, isStretched, resized } from "../../components/model/true-size.ts";
import { useModelI18n } from "../../components/model/use-model-i18n.ts";
import { formatSize, type LengthUnit, toUnit } from "../../viewer/length-format.ts";
import { parseMeasure, UNITS } from "../create/measurement.ts";
import styles from "./model-page.module.css";

/** Gives the model its real size: one measure, or all three. */
export function TrueSizeForm({ model, save, saving }: Editing & { model: Model }) {
  const { t, language } = useModelI18n();
  const id = useId();
  const { dimensions } = model;
  const [all, setAll] = useState(false);
  const [extent, setExtent] = useState<Extent>("height");
  const [unit, setUnit] = useState<LengthUnit>(dimensions.unit);
  const [texts, setTexts] = useState<Partial<Record<Extent, string>>>({});
  const [tried, setTried] = useState(false);

  const asked = all ? EXTENTS : [extent];
  const values = Object.fromEntries(asked.map((name) => [name, parseMeasure(texts[name] ?? "")]));
  const complete = asked.every((name) => values[name] !== null);
  const measures = complete ? (values as Partial<Record<Extent, number>>) : {};
  const after = resized(dimensions, measures, unit);

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (complete) void save({ dimensions: { ...measures, unit } }).catch(() => undefined);
  }

  const current = (name: Extent) => {
    const metres = resized(dimensions, { [name]: dimensions[name] }, dimensions.unit)![name];
    return new Intl.NumberFormat(language).format(toUnit(metres, unit));
  };

  return (
    <section className={styles.card} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t("model.size.title")}</h2>
      <p className={styles.soft}>
        {t(model.localReport?.scaleAssumed ? "model.size.assumed" : "model.size.text")}
      </p>
      <form onSubmit={submit} className={fields.form} noValidate>
        {!all && (
          <label className={`${fields.field} ${fields.wide}`}>
            {t("model.size.measure")}
            <select value={extent} onChange={(event) => setExtent(event.target.value as Extent)}>
              {EXTENTS.map((name) => (
                <option key={name} value={name}>
                  {t(`model.size.${name}`)}
                </option>
              ))}
            </select>
          </label>
        )}
        {asked.map((name) => {
          const wrong = values[name] === null && (tried || Boolean(texts[name]));
          return (
            <label key={name} className={fields.field}>
              {all ? t(`model.size.${name}`) : t("model.size.value")}
              <input
                inputMode="decimal"
                autoComplete="off"
                placeholder={current(name)}
                value={texts[name] ?? ""}
                aria-invalid={wrong || undefined}
                aria-describedby={wrong ? `${id}-wrong` : undefined}
                onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
              />
            </label>
          );
        })}
        <label className={fields.field}>
          {t("model.size.unit")}
          <select value={unit} onChange={(event) => setUnit(event.target.value as LengthUnit)}>
            {UNITS.map((name) => (
              <option key={name} value={name}>
                {t(`model.units.${name}`)}
              </option>
            ))}
          </select>
        </label>
        <label className={fields.check}>
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
          {t("model.size.all")}
        </label>
        <p id={`${id}-wrong`} className={fields.note} aria-live="polite">
          {tried && !complete && <span className={fields.wrong}>{t("model.size.invalid")} </span>}
          {after &&
            t("model.size.result", {
              size: formatSize([after.length, after.width, after.height], unit, language),
            })}
          {after && isStretched(dimensions, after) && ` ${t("model.size.stretch")}`}
        </p>
        <Button type="submit" disabled={saving} className={fields.wide}>
          {t(saving ? "model.saving" : "model.size.apply")}
        </Button>
      </form>
    </section>
  );
}
