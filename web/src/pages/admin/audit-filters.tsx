import { useEffect, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { useDebounced } from "../../hooks/use-debounced.ts";
import styles from "./audit.module.css";
import { useKnownMembers } from "./audit-queries.ts";
import { useAdminI18n } from "./use-admin-i18n.ts";
import { type AuditChoice, NO_CHOICE, type useAuditFilter } from "./use-audit-filter.ts";

const SETTLE_MS = 300;

/** Kinds of deeds with the beginnings of their actions. */
const KINDS = {
  auth: "auth.",
  "auth-sign-in-failed": "auth.sign-in-failed",
  user: "user.",
  invitation: "invitation.",
  "api-key": "api-key.",
  "provider-key": "provider-key.",
  model: "model.",
  share: "share.",
  generation: "generation.",
  provider: "provider.",
  webhook: "webhook.",
  backup: "backup.",
  data: "data.",
  maintenance: "maintenance.",
  system: "system.",
} as const;

/** A text that moves the address once it rests; an address that changes otherwise moves the text. */
function useSettlingText(value: string, onSettled: (text: string) => void) {
  const [text, setText] = useState(value);
  const settled = useDebounced(text.trim(), SETTLE_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed moves the address
  useEffect(() => {
    if (settled !== value) onSettled(settled);
  }, [settled]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a changed address moves the text
  useEffect(() => {
    if (value !== settled) setText(value);
  }, [value]);
  return [text, setText] as const;
}

/** What the log is looked through for. */
export function AuditFilters({ choice, change, isFiltered }: ReturnType<typeof useAuditFilter>) {
  const { d } = useAdminI18n();
  const { members } = useKnownMembers();
  const [actor, setActor] = useSettlingText(choice.actor, (text) => change({ actor: text }));
  const [q, setQ] = useSettlingText(choice.q, (text) => change({ q: text }));
  const day = (name: "from" | "to") => (
    <Field label={d(`audit.${name}`)}>
      {(control) => (
        <input
          {...control}
          type="date"
          min="1970-01-01"
          value={choice[name]}
          onChange={(event) => change({ [name]: event.target.value } satisfies Partial<AuditChoice>)}
        />
      )}
    </Field>
  );
  return (
    <search className={styles.filters}>
      <Field label={d("audit.person")}>
        {(control) => (
          <input
            {...control}
            type="search"
            list="audit-people"
            maxLength={254}
            autoComplete="off"
            placeholder={d("audit.personHint")}
            value={actor}
            onChange={(event) => setActor(event.target.value)}
          />
        )}
      </Field>
      <datalist id="audit-people">
        {members.map(({ id, email, name }) => (
          <option key={id} value={email}>
            {name}
          </option>
        ))}
      </datalist>
      <Field label={d("audit.kind")}>
        {(control) => (
          <select
            {...control}
            value={choice.action}
            onChange={(event) => change({ action: event.target.value })}
          >
            <option value="">{d("audit.everything")}</option>
            {Object.entries(KINDS).map(([kind, beginning]) => (
              <option key={kind} value={beginning}>
                {d(`kinds.${kind as keyof typeof KINDS}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {day("from")}
      {day("to")}
      <Field label={d("audit.text")}>
        {(control) => (
          <input
            {...control}
            type="search"
            maxLength={254}
            autoComplete="off"
            placeholder={d("audit.textHint")}
            value={q}
            onChange={(event) => setQ(event.target.value)}
          />
        )}
      </Field>
      {isFiltered && <Button onClick={() => change(NO_CHOICE)}>{d("audit.clear")}</Button>}
    </search>
  );
}
