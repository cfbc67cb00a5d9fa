import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import styles from "./account.module.css";
import { PASSWORD_MAX, PASSWORD_MIN } from "./field-checks.ts";
import { useAccountI18n } from "./use-account-i18n.ts";

interface PasswordFieldProps {
  name: string;
  label: string;
  /** `new` while it is being chosen: password managers then offer one. */
  kind: "current" | "new";
  error?: string | null;
}

/** A password, hidden until the button shows it. */
export function PasswordField({ name, label, kind, error }: PasswordFieldProps) {
  const { a } = useAccountI18n();
  const [isShown, setIsShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  const hint = kind === "new" ? { hint: a("fields.passwordHint", { count: PASSWORD_MIN }) } : {};
  return (
    <Field label={label} error={error} {...hint}>
      {(control) => (
        <div className={styles.secret}>
          <input
            {...control}
            name={name}
            type={isShown ? "text" : "password"}
            autoComplete={`${kind}-password`}
            autoCapitalize="none"
            spellCheck={false}
            maxLength={PASSWORD_MAX}
            required
          />
          <Button
            variant="quiet"
            icon
            aria-label={a(isShown ? "fields.hide" : "fields.show")}
            aria-pressed={isShown}
            aria-controls={control.id}
            onClick={() => setIsShown(!isShown)}
          >
            <Icon size={20} aria-hidden="true" />
          </Button>
        </div>
      )}
    </Field>
  );
}
