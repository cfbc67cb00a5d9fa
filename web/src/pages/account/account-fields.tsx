import { Field } from "../../components/field.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";

interface AccountFieldProps {
  error?: string | null;
  defaultValue?: string;
  required?: boolean;
  /** It can't be another one here. */
  readOnly?: boolean;
}

/** Named `email` and marked as the user name, so that password managers know it. */
export function EmailField({ error, defaultValue, readOnly }: AccountFieldProps) {
  const { a } = useAccountI18n();
  return (
    <Field label={a("fields.email")} error={error}>
      {(control) => (
        <input
          {...control}
          name="email"
          type="email"
          autoComplete="username"
          inputMode="email"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          required
          readOnly={readOnly}
          defaultValue={defaultValue}
        />
      )}
    </Field>
  );
}

/** The name that others see. */
export function NameField({ error, defaultValue, required = true }: AccountFieldProps) {
  const { a } = useAccountI18n();
  return (
    <Field label={a("fields.name")} hint={a("fields.nameHint")} error={error}>
      {(control) => (
        <input
          {...control}
          name="name"
          autoComplete="name"
          maxLength={200}
          required={required}
          defaultValue={defaultValue}
        />
      )}
    </Field>
  );
}
