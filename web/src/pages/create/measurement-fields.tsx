import { Field } from "../../components/field.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import {
  EXTENTS,
  type Extent,
  isMeasurementValid,
  type LengthUnit,
  type Measurement,
  UNITS,
} from "./measurement.ts";
import styles from "./measurement-fields.module.css";

interface MeasurementFieldsProps {
  value: Measurement;
  disabled: boolean;
  onChange: (value: Measurement) => void;
}

/** One measurement of the real object. */
export function MeasurementFields({ value, disabled, onChange }: MeasurementFieldsProps) {
  const { t } = useI18n();
  const error = isMeasurementValid(value) ? null : t("photo.sizeInvalid");
  return (
    <fieldset disabled={disabled}>
      <legend className={styles.legend}>{t("photo.size")}</legend>
      <p className={styles.hint}>{t("photo.sizeHint")}</p>
      <div className={styles.row}>
        <div className={styles.side}>
          <Field label={t("photo.extent")}>
            {(control) => (
              <select
                {...control}
                value={value.extent}
                onChange={(event) => onChange({ ...value, extent: event.target.value as Extent })}
              >
                {EXTENTS.map((extent) => (
                  <option key={extent} value={extent}>
                    {t(`photo.${extent}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <Field label={t("photo.sizeValue")} error={error}>
          {(control) => (
            <input
              {...control}
              inputMode="decimal"
              autoComplete="off"
              value={value.text}
              onChange={(event) => onChange({ ...value, text: event.target.value })}
            />
          )}
        </Field>
        <Field label={t("photo.unit")}>
          {(control) => (
            <select
              {...control}
              value={value.unit}
              onChange={(event) => onChange({ ...value, unit: event.target.value as LengthUnit })}
            >
              {UNITS.map((unit) => (
                <option key={unit} value={unit}>
                  {t(`photo.${unit}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </fieldset>
  );
}
