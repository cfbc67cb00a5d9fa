import type { ProviderView } from "../../../../server/contract/provider.ts";
import { Field } from "../../components/field.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import { type Engine, modelOptions } from "./model-options.ts";
import styles from "./options-panel.module.css";

/** Who makes the model; not shown where there is nothing to choose. */
export function EngineChoice({ providers, engine }: { providers: readonly ProviderView[]; engine: Engine }) {
  const { t, language } = useI18n();
  const { provider, network } = engine;
  const choose = (change: Partial<ReturnType<typeof modelOptions.get>>) =>
    modelOptions.update((before) => ({ ...before, params: {}, ...change }));

  return (
    <div className={styles.engine}>
      {providers.length > 1 && (
        <Field label={t("options.engine")}>
          {(control) => (
            <select
              {...control}
              value={provider.id}
              onChange={(event) =>
                choose({
                  providerId: providers.find(({ id }) => id === event.target.value)?.id ?? null,
                  networkId: null,
                })
              }
            >
              {providers.map(({ id, label, available }) => (
                <option key={id} value={id} disabled={!available}>
                  {available ? label[language] : `${label[language]} (${t("options.unavailable")})`}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {provider.networks.length > 1 && (
        <Field label={t("options.network")}>
          {(control) => (
            <select
              {...control}
              value={network.id}
              onChange={(event) => choose({ networkId: event.target.value })}
            >
              {provider.networks.map(({ id, label }) => (
                <option key={id} value={id}>
                  {label[language]}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </div>
  );
}
