import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { listTags } from "../../api/models.ts";
import { queryKeys } from "../../api/query-keys.ts";
import { Field } from "../../components/field.tsx";
import { useDebounced } from "../../hooks/use-debounced.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "./gallery.module.css";
import { SORTS, type Sort, type useGalleryFilter } from "./use-gallery-filter.ts";

const SETTLE_MS = 300;

type GalleryToolbarProps = ReturnType<typeof useGalleryFilter>;

/** Search, order and tags. */
export function GalleryToolbar({ filter, change }: GalleryToolbarProps) {
  const { t } = useI18n();
  const [text, setText] = useState(filter.q);
  const settled = useDebounced(text.trim(), SETTLE_MS);
  const tags = useQuery({
    queryKey: [...queryKeys.tags, filter.owner],
    queryFn: ({ signal }) => listTags(filter.owner, signal),
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed moves the address
  useEffect(() => {
    if (settled !== filter.q) change({ q: settled });
  }, [settled]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed address, such as a cleared filter, moves the text
  useEffect(() => {
    if (filter.q !== settled) setText(filter.q);
  }, [filter.q]);

  return (
    <search className={styles.toolbar}>
      <Field label={t("gallery.search")}>
        {(control) => (
          <input
            {...control}
            type="search"
            placeholder={t("gallery.searchHint")}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <Field label={t("gallery.sort")}>
        {(control) => (
          <select
            {...control}
            value={filter.sort}
            onChange={(event) => change({ sort: event.target.value as Sort })}
          >
            {Object.entries(SORTS).map(([value, name]) => (
              <option key={value} value={value}>
                {t(`gallery.${name}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {tags.data && tags.data.items.length > 0 && (
        <fieldset className={styles.tags}>
          <legend className="visually-hidden">{t("gallery.tags")}</legend>
          <button
            type="button"
            className={styles.tag}
            aria-pressed={!filter.tag}
            onClick={() => change({ tag: "" })}
          >
            {t("gallery.allTags")}
          </button>
          {tags.data.items.map(({ tag, count }) => (
            <button
              key={tag}
              type="button"
              className={styles.tag}
              aria-pressed={filter.tag === tag}
              onClick={() => change({ tag: filter.tag === tag ? "" : tag })}
            >
              {tag} <span className={styles.count}>{count}</span>
            </button>
          ))}
        </fieldset>
      )}
    </search>
  );
}
