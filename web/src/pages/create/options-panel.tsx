import { lazy, Suspense, useState } from "react";
import type { ProviderView } from "../../../../server/contract/provider.ts";
import { Button } from "../../components/button.tsx";
import { LocalNotice } from "../../components/local-notice.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { formatDuration } from "../../i18n/format.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { loadView } from "../../load-view.ts";
import { EngineChoice } from "./engine-choice.tsx";
import { type Engine, type ModelOptions, modelOptions, PRESETS } from "./model-options.ts";
import styles from "./options-panel.module.css";
import { ParamFields } from "./param-fields.tsx";
import { PrivacyLine } from "./privacy-line.tsx";

/** Only where models cost something. */
const MoneyPanel = lazy(() => loadView(() => import("./money-panel.tsx")));

interface OptionsPanelProps {
  providers: readonly ProviderView[];
  engine: Engine;
  options: ModelOptions;
  /** Photos that would be sent now. */
  count: number;
  /** @returns whether everything was filled in rightly and the sending has begun */
  onStart: () => boolean;
}

/** What is the same for all photos, and the button that begins. */
export function OptionsPanel({ providers, engine, options, count, onStart }: OptionsPanelProps) {
  const { t, language } = useI18n();
  const [needsFix, setNeedsFix] = useState(false);
  const { provider, network } = engine;
  const seconds = network.typicalSeconds[options.preset];

  return (
    <section className={styles.panel} aria-labelledby="options-title">
      <h2 id="options-title">{t("options.title")}</h2>
      <EngineChoice providers={providers} engine={engine} />
      <div>
        <Segmented
          legend={t("options.quality")}
          value={options.preset}
          options={PRESETS.map((value) => ({ value, label: t(`options.${value}`) }))}
          onChange={(preset) => modelOptions.update((before) => ({ ...before, preset, params: {} }))}
        />
        <p className={styles.hint}>
          {t(`options.${options.preset}Hint`)}
          {seconds ? `, ${t("options.about", { time: formatDuration(seconds, language) })}` : ""}.
        </p>
      </div>
      <ParamFields network={network} options={options} />
      <PrivacyLine host={provider.sendsPhotoTo} />
      {provider.money && (
        <Suspense>
          <MoneyPanel engine={engine} options={options} count={count} />
        </Suspense>
      )}
      <div className={styles.start}>
        <Button variant="primary" disabled={count === 0} onClick={() => setNeedsFix(!onStart())}>
          {count > 0 ? t("options.start", { count }) : t("options.nothingLeft")}
        </Button>
        <p className={styles.fix} role="alert">
          {needsFix && t("options.fix")}
        </p>
      </div>
      {provider.id === "local" && <LocalNotice />}
    </section>
  );
}
