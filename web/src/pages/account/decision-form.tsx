import type { ReactNode } from "react";
import { Button } from "../../components/button.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import dialog from "../gallery/dialog.module.css";
import { FormError } from "./form-error.tsx";
import type { useForm } from "./use-form.ts";

interface DecisionFormProps {
  form: Pick<ReturnType<typeof useForm>, "attributes" | "error" | "isSending">;
  submit: string;
  /** While it is being sent; else `submit` stays. */
  sending?: string;
  variant?: "primary" | "danger";
  onCancel: () => void;
  /** The fields. */
  children: ReactNode;
}

/** What a serious decision needs to be entered, what went wrong with it, and the way out and on. */
export function DecisionForm({
  form,
  submit,
  sending = submit,
  variant = "danger",
  onCancel,
  children,
}: DecisionFormProps) {
  const { t } = useI18n();
  return (
    <form {...form.attributes}>
      {children}
      <FormError error={form.error} />
      <div className={dialog.buttons}>
        <Button onClick={onCancel}>{t("app.cancel")}</Button>
        <Button type="submit" variant={variant} aria-disabled={form.isSending}>
          {form.isSending ? sending : submit}
        </Button>
      </div>
    </form>
  );
}
