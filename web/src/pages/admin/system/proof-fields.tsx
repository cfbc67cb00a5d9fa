import { hasAccounts } from "../../../session/has-accounts.ts";
import { ExactField } from "../../account/exact-field.tsx";
import { PasswordField } from "../../account/password-field.tsx";
import { type SystemTranslate, useSystemI18n } from "./use-system-i18n.ts";

/** What a person enters to show that it is meant. */
export type ProofValues = { filename: string; password: string };

/** What is wrong with what was entered. */
export const checkProof = ({ filename, password }: ProofValues, expected: string, s: SystemTranslate) => ({
  filename: filename.trim() === expected ? null : s("backups.restoring.wrong"),
  password: hasAccounts && !password ? s("backups.restoring.passwordMissing") : null,
});

/** As the server takes it: the password where people sign in, the name where nobody does. */
export const toProof = ({ filename, password }: ProofValues) =>
  hasAccounts ? { password } : { filename: filename.trim() };

interface ProofFieldsProps {
  /** The name that has to be typed. */
  filename: string;
  errors: Partial<Record<keyof ProofValues, string | null>>;
}

/** The name of the backup typed once more, and the password where people sign in. */
export function ProofFields({ filename, errors }: ProofFieldsProps) {
  const { s } = useSystemI18n();
  return (
    <>
      <ExactField
        name="filename"
        label={s("backups.restoring.confirm", { name: filename })}
        error={errors.filename}
      />
      {hasAccounts && (
        <PasswordField
          name="password"
          label={s("backups.restoring.password")}
          kind="current"
          error={errors.password ?? null}
        />
      )}
    </>
  );
}
