import { Button } from "../../../components/button.tsx";
import { Field } from "../../../components/field.tsx";
import { useI18n } from "../../../i18n/use-i18n.ts";
import { FormDialog } from "../../account/form-dialog.tsx";
import { FormError } from "../../account/form-error.tsx";
import { useForm } from "../../account/use-form.ts";
import dialog from "../../gallery/dialog.module.css";
import { useCacheActions } from "./cache-queries.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

/** As the server takes it. */
const PATTERN = /^[\w:.*?-]{1,200}$/;

/** Which entries should go; all of them unless somebody says otherwise. */
export function ClearCacheDialog({ names, onClose }: { names: readonly string[]; onClose: () => void }) {
  const { t } = useI18n();
  const { s } = useSystemI18n();
  const { clear } = useCacheActions();
  const form = useForm<{ pattern: string }>({
    check: ({ pattern }) => ({ pattern: PATTERN.test(pattern.trim()) ? null : s("cache.patternWrong") }),
    send: async ({ pattern }) => {
      await clear.mutateAsync(pattern.trim());
      onClose();
    },
  });
  return (
    <FormDialog title={s("cache.clearTitle")} hint={s("cache.clearHint")} onClose={onClose}>
      <form {...form.attributes}>
        <Field label={s("cache.pattern")} hint={s("cache.patternHint")} error={form.errors.pattern}>
          {(control) => (
            <input
              {...control}
              name="pattern"
              list="cache-patterns"
              defaultValue="*"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              required
            />
          )}
        </Field>
        <datalist id="cache-patterns">
          {["*", ...names.map((name) => `${name}:*`)].map((pattern) => (
            <option key={pattern} value={pattern} />
          ))}
        </datalist>
        <FormError error={form.error} />
        <div className={dialog.buttons}>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button type="submit" variant="danger" aria-disabled={form.isSending}>
            {s(form.isSending ? "cache.clearing" : "cache.clearNow")}
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}
