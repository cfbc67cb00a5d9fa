import { Field } from "../../components/field.tsx";

interface ExactFieldProps {
  name: string;
  label: string;
  hint?: string;
  error?: string | null | undefined;
  defaultValue?: string;
  /** The id of a datalist. */
  list?: string;
}

/** What has to be typed exactly, such as a name or a key: nothing completes or corrects it. */
export function ExactField({ label, hint, error, ...input }: ExactFieldProps) {
  return (
    <Field label={label} error={error ?? null} {...(hint && { hint })}>
      {(control) => (
        <input {...control} {...input} autoComplete="off" autoCapitalize="none" spellCheck={false} required />
      )}
    </Field>
  );
}
