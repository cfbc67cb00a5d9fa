import { type UseQueryResult, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { rememberGeneration } from "../../api/generation-cache.ts";
import type { ProviderList } from "../../api/providers.ts";
import { Button } from "../../components/button.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { useNavigate } from "../../hooks/use-navigate.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { paths } from "../../paths.ts";
import styles from "./create-page.module.css";
import { boxParam, type Engine, type ModelOptions } from "./model-options.ts";
import { OptionsPanel } from "./options-panel.tsx";
import { PhotoCard } from "./photo-card.tsx";
import { isEditable, type PhotoDraft } from "./photo-drafts.ts";
import { dropPhotos, sendPhotos } from "./upload-queue.ts";

/** The built-in generator looks at one photo at a time: more than this many cut-outs are made on demand only. */
const EAGER_CUTOUTS = 3;

interface PhotoWorkbenchProps {
  drafts: readonly PhotoDraft[];
  options: ModelOptions;
  /** Null until the providers are known. */
  engine: Engine | null;
  providers: UseQueryResult<ProviderList>;
}

/** The given photos with their settings, from preview to sending. */
export function PhotoWorkbench({ drafts, options, engine, providers }: PhotoWorkbenchProps) {
  const { t } = useI18n();
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useRef<HTMLDivElement>(null);
  const ready = drafts.filter(isEditable);
  const sent = drafts.filter(({ sending }) => sending.state === "sent");

  /** On a phone the card is far above the button: what happens now is seen there. */
  const showCard = (id: string) => {
    const card = form.current?.querySelector(`[data-photo="${id}"]`);
    requestAnimationFrame(() => card?.scrollIntoView({ block: "start" }));
  };

  const send = (ids: readonly string[]): boolean => {
    const wrong = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    if (!engine || wrong) {
      const folded = wrong?.closest("details");
      if (folded) folded.open = true;
      wrong?.focus();
      return false;
    }
    showCard(ids[0]);
    const single = drafts.length === 1;
    sendPhotos(ids, engine, options, (generation) => {
      rememberGeneration(client, generation);
      if (!single || window.location.pathname !== paths.create) return;
      dropPhotos(ids);
      navigate(paths.generation(generation.id));
    });
    return true;
  };

  return (
    <div className={styles.work} ref={form}>
      <div className={styles.photos}>
        <div className={styles.bar}>
          <h2>{t("create.photos", { count: drafts.length })}</h2>
          {sent.length > 0 && (
            <Button onClick={() => dropPhotos(sent.map(({ id }) => id))}>{t("upload.clearSent")}</Button>
          )}
        </div>
        {drafts.map((draft) => (
          <PhotoCard
            key={draft.id}
            draft={draft}
            boxable={engine !== null && engine.provider.id === "local" && boxParam(engine.network) !== null}
            eagerCutout={drafts.length <= EAGER_CUTOUTS}
            onRetry={() => send([draft.id])}
          />
        ))}
      </div>
      <div className={styles.side}>
        {engine && providers.data ? (
          <OptionsPanel
            providers={providers.data.items}
            engine={engine}
            options={options}
            count={ready.length}
            onStart={() => send(ready.map(({ id }) => id))}
          />
        ) : providers.error ? (
          <ErrorNotice
            error={providers.error}
            title={t("options.loadFailed")}
            onRetry={() => void providers.refetch()}
          />
        ) : (
          <Spinner label={t("app.loading")} />
        )}
      </div>
    </div>
  );
}
