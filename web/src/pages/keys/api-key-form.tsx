import { useState } from "react";
import type { Role, Scope } from "../../../../server/contract/access.ts";
import type { ApiKeyWithText } from "../../../../server/contract/api-key.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import { FormDialog } from "../account/form-dialog.tsx";
import { FormError } from "../account/form-error.tsx";
import { SubmitButton } from "../account/submit-button.tsx";
import { useForm } from "../account/use-form.ts";
import dialog from "../gallery/dialog.module.css";
import { Choice, Choices } from "./choices.tsx";
import { useApiKeyActions } from "./key-queries.ts";
import { useKeysI18n } from "./use-keys-i18n.ts";

/** What keys of people with this role can do at all. */
const SCOPES_OF: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ["read"],
  user: ["read", "write"],
  admin: ["read", "write", "admin"],
};

const EXPIRIES = [
  { days: "30", name: "days30" },
  { days: "90", name: "days90" },
  { days: "365", name: "days365" },
  { days: "", name: "never" },
] as const;

interface ApiKeyFormProps {
  role: Role;
  onMade: (key: ApiKeyWithText) => void;
  onClose: () => void;
}

/** Asks what an API key is for, what it may do, and for how long. */
export function ApiKeyForm({ role, onMade, onClose }: ApiKeyFormProps) {
  const { t } = useI18n();
  const { k } = useKeysI18n();
  const { create } = useApiKeyActions();
  const [scopes, setScopes] = useState<readonly Scope[]>(["read"]);
  const form = useForm<{ name: string; scopes: string; days: string }>({
    check: ({ name }) => ({
      name: name.trim() ? null : k("form.nameMissing"),
      scopes: scopes.length > 0 ? null : k("form.noScope"),
    }),
    send: async ({ name, days }) =>
      onMade(
        await create.mutateAsync({
          name: name.trim(),
          scopes: [...scopes],
          expiresInDays: days ? Number(days) : null,
        }),
      ),
  });
  return (
    <FormDialog title={k("form.title")} hint={k("form.hint")} onClose={onClose}>
      <form {...form.attributes}>
        <Field label={k("form.name")} hint={k("form.nameHint")} error={form.errors.name}>
          {(control) => <input {...control} name="name" maxLength={100} autoComplete="off" required />}
        </Field>
        <Choices legend={k("form.scopes")} error={form.errors.scopes}>
          {SCOPES_OF[role].map((scope) => (
            <Choice
              key={scope}
              type="checkbox"
              name="scopes"
              value={scope}
              label={k(`scopes.${scope}`)}
              hint={k(`scopeHints.${scope}`)}
              checked={scopes.includes(scope)}
              onChange={(wanted) =>
                setScopes(wanted ? [...scopes, scope] : scopes.filter((other) => other !== scope))
              }
            />
          ))}
        </Choices>
        <Field label={k("form.expiry")}>
          {(control) => (
            <select {...control} name="days" defaultValue="90">
              {EXPIRIES.map(({ days, name }) => (
                <option key={name} value={days}>
                  {k(`form.${name}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <FormError error={form.error} />
        <div className={dialog.buttons}>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <SubmitButton
            label={k("form.submit")}
            sendingLabel={k("form.sending")}
            isSending={form.isSending}
          />
        </div>
      </form>
    </FormDialog>
  );
}
