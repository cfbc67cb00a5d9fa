import { type FormEvent, useId, useState } from "react";
import type { Share } from "../../../../server/contract/share.ts";
import { ApiError } from "../../api/api-error.ts";
import { formatDay } from "../../i18n/format.ts";
import { Button } from "../button.tsx";
import { ErrorNotice } from "../error-notice.tsx";
import { Field } from "../field.tsx";
import { CopyButton } from "./copy-button.tsx";
import { embedCode } from "./embed-code.ts";
import styles from "./share.module.css";
import type { useShares } from "./share-queries.ts";
import { useSharingI18n } from "./use-sharing-i18n.ts";

interface EmbedPanelProps {
  shares: readonly Share[];
  title: string;
  update: ReturnType<typeof useShares>["update"];
}

/** Showing a link in a frame of another site: which sites may, and the code for them. */
export function EmbedPanel({ shares, title, update }: EmbedPanelProps) {
  const { s, language } = useSharingI18n();
  const [chosen, setChosen] = useState<string | null>(null);
  const live = shares.filter(({ expired }) => !expired);
  const share = live.find(({ id }) => id === chosen) ?? live[0];
  if (!share) return <p className={styles.soft}>{s("embed.noLink")}</p>;
  const name = ({ token, expiresAt }: Share) =>
    `…${token.slice(-6)} · ${expiresAt ? s("until", { day: formatDay(expiresAt, language) }) : s("noEnd")}`;
  return (
    <div className={styles.stack}>
      {live.length > 1 && (
        <Field label={s("embed.which")}>
          {(control) => (
            <select {...control} value={share.id} onChange={(event) => setChosen(event.target.value)}>
              {live.map((one) => (
                <option key={one.id} value={one.id}>
                  {name(one)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <SitesForm key={share.id} share={share} update={update} />
      <Snippet code={embedCode(share.embedUrl, title)} />
      <section className={styles.stack}>
        <h3>{s("embed.preview")}</h3>
        {/* By its path: the page may be open at another address than the public one. */}
        <iframe
          key={share.embedUrl}
          src={new URL(share.embedUrl).pathname}
          title={s("embed.preview")}
          className={styles.preview}
        />
      </section>
    </div>
  );
}

function Snippet({ code }: { code: string }) {
  const { s } = useSharingI18n();
  const id = useId();
  return (
    <section className={styles.stack}>
      <h3 id={id}>{s("embed.code")}</h3>
      <textarea
        className={styles.code}
        aria-labelledby={id}
        readOnly
        rows={4}
        value={code}
        onFocus={(event) => event.target.select()}
      />
      <div className={styles.row}>
        <CopyButton text={code} label={s("embed.codeCopy")} />
      </div>
    </section>
  );
}

function SitesForm({ share, update }: { share: Share } & Pick<EmbedPanelProps, "update">) {
  const { s } = useSharingI18n();
  const [text, setText] = useState(share.embedSites.join("\n"));
  const sites = text.split(/[\s,]+/).filter(Boolean);
  const isSaved = sites.join() === share.embedSites.join();
  const { error } = update;
  const wrong = error instanceof ApiError && error.status === 422;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate(
      { share, change: { embedSites: sites } },
      { onSuccess: ({ embedSites }) => setText(embedSites.join("\n")) },
    );
  };
  return (
    <form onSubmit={submit} className={styles.stack}>
      <Field label={s("embed.sites")} hint={s("embed.sitesHint")} error={wrong ? s("embed.sitesHint") : null}>
        {(control) => (
          <textarea
            {...control}
            className={`${control.className} ${styles.sites}`}
            rows={3}
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      {error && !wrong && <ErrorNotice error={error} title={s("failed")} />}
      <div className={styles.row}>
        <Button type="submit" disabled={isSaved || update.isPending}>
          {s(update.isPending ? "embed.saving" : isSaved && sites.length > 0 ? "embed.saved" : "embed.save")}
        </Button>
      </div>
    </form>
  );
}
