import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "../account/account.module.css";
import { FormError } from "../account/form-error.tsx";
import { SubmitButton } from "../account/submit-button.tsx";
import { useForm } from "../account/use-form.ts";
import { useOwnKeyActions } from "./key-queries.ts";
import { type KeysTranslate, useKeysI18n } from "./use-keys-i18n.ts";

/** What is wrong with a key, as the contract has it; null where nothing is. */
function wrongKey(key: string, k: KeysTranslate): string | null {
  if (!key.trim()) return k("own.missing");
  return /^[\x21-\x7e]{8,500}$/.test(key.trim()) ? null : k("own.wrong");
}

interface OwnKeyFormProps {
  /** There is one already. */
  isReplacing: boolean;
  onDone: () => void;
  /** Without it there is nothing to go back to. */
  onCancel?: () => void;
}

/** Takes a key of the provider, which is asked whether it knows it. */
export function OwnKeyForm({ isReplacing, onDone, onCancel }: OwnKeyFormProps) {
  const { t } = useI18n();
  const { k } = useKeysI18n();
  const { save } = useOwnKeyActions();
  const [isShown, setIsShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  const form = useForm<{ key: string }>({
    check: ({ key }) => ({ key: wrongKey(key, k) }),
    send: async ({ key }) => {
      await save.mutateAsync(key.trim());
      onDone();
    },
  });
  return (
    <form {...form.attributes} className={styles.form}>
      <Field
        label={k(isReplacing ? "own.newField" : "own.field")}
        hint={k("own.fieldHint")}
        error={form.errors.key}
      >
        {(control) => (
          <div className={styles.secret}>
            <input
              {...control}
              name="key"
              type={isShown ? "text" : "password"}
              // Not the account's password: browsers should neither fill that in nor keep this instead.
              autoComplete="one-time-code"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={500}
              required
            />
            <Button
              variant="quiet"
              icon
              aria-label={k(isShown ? "own.hide" : "own.show")}
              aria-pressed={isShown}
              aria-controls={control.id}
              onClick={() => setIsShown(!isShown)}
            >
              <Icon size={20} aria-hidden="true" />
            </Button>
          </div>
        )}
      </Field>
      {form.isSending && <ProgressBar label={k("own.checking")} percent={null} />}
      <FormError error={form.error} />
      <div className={styles.row}>
        <SubmitButton
          label={k(isReplacing ? "own.replaceSubmit" : "own.save")}
          sendingLabel={k("own.checking")}
          isSending={form.isSending}
        />
        {onCancel && <Button onClick={onCancel}>{t("app.cancel")}</Button>}
      </div>
    </form>
  );
}
