import { type FormEvent, useState } from "react";
import { Button } from "../button.tsx";
import { Field } from "../field.tsx";
import styles from "./share.module.css";
import { useSharingI18n } from "./use-sharing-i18n.ts";

const CHOICES = ["1", "7", "30", "365", "never"] as const;
type Choice = (typeof CHOICES)[number];

/** Makes a new link; `onCreate` gets the days that it shall work, null for no end. */
export function ShareForm({
  creating,
  onCreate,
}: {
  creating: boolean;
  onCreate: (days: number | null) => void;
}) {
  const { s } = useSharingI18n();
  const [choice, setChoice] = useState<Choice>("30");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onCreate(choice === "never" ? null : Number(choice));
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <Field label={s("expires")}>
        {(control) => (
          <select {...control} value={choice} onChange={(event) => setChoice(event.target.value as Choice)}>
            {CHOICES.map((days) => (
              <option key={days} value={days}>
                {s(`days.${days}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Button type="submit" variant="primary" disabled={creating}>
        {s(creating ? "creating" : "create")}
      </Button>
    </form>
  );
}
