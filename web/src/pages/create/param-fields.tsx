import type { NetworkView, ParamSpec, ParamValue } from "../../../../server/contract/provider.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import { formParams, isParamValid, type ModelOptions, modelOptions, presetValue } from "./model-options.ts";
import styles from "./options-panel.module.css";

const NAMED_CHOICES = ["auto", "object", "relief"] as const;

function isNamedChoice(choice: string | number): choice is (typeof NAMED_CHOICES)[number] {
  return (NAMED_CHOICES as readonly unknown[]).includes(choice);
}

function ParamField({
  spec,
  value,
  onChange,
}: {
  spec: ParamSpec;
  value: ParamValue;
  onChange: (v: ParamValue) => void;
}) {
  const { t, language } = useI18n();
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = spec;
  const limited = spec.min !== undefined && spec.max !== undefined;
  const range = limited ? ` (${t("options.range", { min, max })})` : "";
  const error = isParamValid(spec, value) ? null : t("options.outOfRange", { min, max });
  const placeholder = spec.default === null ? t("options.automatic") : undefined;

  return (
    <Field label={spec.label[language]} hint={`${spec.help[language]}${range}`} error={error}>
      {(control) =>
        spec.type === "choice" ? (
          <select
            {...control}
            value={String(value)}
            onChange={(event) =>
              onChange(spec.choices?.find((choice) => String(choice) === event.target.value) ?? null)
            }
          >
            {spec.choices?.map((choice) => (
              <option key={choice} value={String(choice)}>
                {isNamedChoice(choice) ? t(`options.choices.${choice}`) : choice}
              </option>
            ))}
          </select>
        ) : (
          <input
            {...control}
            type="number"
            min={spec.min}
            max={spec.max}
            step={spec.step ?? (spec.type === "integer" ? 1 : "any")}
            placeholder={placeholder}
            value={typeof value === "number" ? value : ""}
            onChange={(event) => onChange(event.target.value === "" ? null : event.target.valueAsNumber)}
          />
        )
      }
    </Field>
  );
}

/** The network's own parameters, folded away: the presets are right for most. */
export function ParamFields({ network, options }: { network: NetworkView; options: ModelOptions }) {
  const { t } = useI18n();
  const specs = formParams(network);
  if (specs.length === 0) return null;

  const change = (spec: ParamSpec, value: ParamValue) =>
    modelOptions.update((before) => ({ ...before, params: { ...before.params, [spec.name]: value } }));

  return (
    <details>
      <summary>{t("options.advanced")}</summary>
      <div className={styles.params}>
        {specs.map((spec) => (
          <ParamField
            key={spec.name}
            spec={spec}
            value={options.params[spec.name] ?? presetValue(network, options.preset, spec)}
            onChange={(value) => change(spec, value)}
          />
        ))}
        <Button onClick={() => modelOptions.update((before) => ({ ...before, params: {} }))}>
          {t("options.reset")}
        </Button>
      </div>
    </details>
  );
}
