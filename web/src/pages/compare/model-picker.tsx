import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useState } from "react";
import type { Model } from "../../../../server/contract/model.ts";
import { listModels } from "../../api/models.ts";
import { queryKeys } from "../../api/query-keys.ts";
import { useDebounced } from "../../hooks/use-debounced.ts";
import { hasAccounts } from "../../session/has-accounts.ts";
import styles from "./compare.module.css";
import { useCompareI18n } from "./use-compare-i18n.ts";

const SETTLE_MS = 250;
const SHOWN = 12;

/** One's own models, and behind them what others share with the team. */
async function findModels(q: string, signal: AbortSignal): Promise<Model[]> {
  const owners = hasAccounts ? (["me", "team"] as const) : [undefined];
  const pages = await Promise.all(owners.map((owner) => listModels({ q, owner, limit: SHOWN }, signal)));
  const found = new Map(pages.flatMap(({ items }) => items).map((model) => [model.id, model]));
  return [...found.values()].slice(0, SHOWN);
}

/** A search field and the models that fit; the newest ones while nothing is searched for. */
export function ModelPicker({ onChoose }: { onChoose: (id: string) => void }) {
  const { t } = useCompareI18n();
  const [text, setText] = useState("");
  const q = useDebounced(text.trim(), SETTLE_MS);
  const { data, error, isPending } = useQuery({
    queryKey: [...queryKeys.modelList({ q }), "picker"],
    queryFn: ({ signal }) => findModels(q, signal),
    placeholderData: keepPreviousData,
  });
  const items = data ?? [];
  const message = error
    ? t("compare.failed")
    : isPending
      ? t("compare.loading")
      : items.length === 0
        ? t("compare.none")
        : null;

  return (
    <div className={styles.picker}>
      <h2>{t("compare.choose")}</h2>
      <label className={styles.search}>
        <Search size={18} aria-hidden />
        <input
          type="search"
          aria-label={t("compare.search")}
          placeholder={t("compare.search")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {message && <p role="status">{message}</p>}
      <ul className={styles.results} aria-label={t("compare.results")}>
        {items.map(({ id, name, files: { thumbnail } }) => (
          <li key={id}>
            <button type="button" className={styles.result} onClick={() => onChoose(id)}>
              {thumbnail ? (
                <img src={thumbnail.url} alt="" loading="lazy" width={48} height={48} />
              ) : (
                <span />
              )}
              <span className={styles.resultName}>{name}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
