import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeMe, type Me } from "../../api/account.ts";
import { Field } from "../../components/field.tsx";
import { changeSettings, type Language } from "../../hooks/settings.ts";
import { formatDay } from "../../i18n/format.ts";
import { ME_KEY } from "../../session/use-me.ts";
import styles from "./account.module.css";
import { AccountCard } from "./account-card.tsx";
import { NameField } from "./account-fields.tsx";
import { initialsOf } from "./account-menu.tsx";
import { EmailChange } from "./email-change.tsx";
import { FormError } from "./form-error.tsx";
import { SubmitButton } from "./submit-button.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";
import { useForm } from "./use-form.ts";

/** Name and language, and what can't be changed here. */
export function ProfileCard({ me }: { me: Me }) {
  const { a, language } = useAccountI18n();
  const client = useQueryClient();
  const [isSaved, setIsSaved] = useState(false);
  const form = useForm<{ name: string; locale: Language }>({
    check: () => ({}),
    send: async ({ name, locale }) => {
      setIsSaved(false);
      const { pendingEmail: _, ...changed } = await changeMe({ name: name.trim() || null, locale });
      client.setQueryData(ME_KEY, changed);
      changeSettings({ language: locale });
      setIsSaved(true);
    },
  });
  return (
    <AccountCard heading={a("profile.heading")}>
      <div className={styles.who}>
        <span
          className={styles.avatar}
          data-initials={initialsOf(me.name || me.email || "")}
          aria-hidden="true"
        />
        <div className={styles.grow}>
          <p className={styles.strong}>{me.email}</p>
          <p className={styles.quiet}>
            {a(`roles.${me.role}`)} · {a("account.since", { date: formatDay(me.createdAt, language) })}
          </p>
        </div>
        <EmailChange />
      </div>
      <form {...form.attributes} className={styles.form}>
        <NameField error={form.errors.name} required={false} defaultValue={me.name ?? ""} />
        <Field label={a("profile.language")} hint={a("profile.languageHint")}>
          {(control) => (
            <select {...control} name="locale" defaultValue={me.locale ?? language}>
              <option value="en" lang="en">
                English
              </option>
              <option value="ru" lang="ru">
                Русский
              </option>
            </select>
          )}
        </Field>
        <FormError error={form.error} />
        <div className={styles.row}>
          <SubmitButton
            label={a("profile.save")}
            sendingLabel={a("profile.saving")}
            isSending={form.isSending}
          />
          <span role="status">{isSaved && a("profile.saved")}</span>
        </div>
      </form>
    </AccountCard>
  );
}
