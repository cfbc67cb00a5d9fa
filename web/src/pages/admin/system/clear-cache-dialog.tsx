import { DecisionForm } from "../../account/decision-form.tsx";
import { ExactField } from "../../account/exact-field.tsx";
import { FormDialog } from "../../account/form-dialog.tsx";
import { useForm } from "../../account/use-form.ts";
import { useCacheActions } from "./cache-queries.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

/** As the server takes it. */
const PATTERN = /^[\w:.*?-]{1,200}$/;

/** Which entries should go; all of them unless somebody says otherwise. */
export function ClearCacheDialog({ names, onClose }: { names: readonly string[]; onClose: () => void }) {
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
      <DecisionForm form={form} submit={s("cache.clearNow")} sending={s("cache.clearing")} onCancel={onClose}>
        <ExactField
          name="pattern"
          label={s("cache.pattern")}
          hint={s("cache.patternHint")}
          error={form.errors.pattern}
          list="cache-patterns"
          defaultValue="*"
        />
        <datalist id="cache-patterns">
          {["*", ...names.map((name) => `${name}:*`)].map((pattern) => (
            <option key={pattern} value={pattern} />
          ))}
        </datalist>
      </DecisionForm>
    </FormDialog>
  );
}
