import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useLayoutEffect, useRef, useState } from "react";
import { ApiError } from "../../api/api-error.ts";

type Values = Record<string, string>;
/** Nothing, or null, where a field is right. */
type Errors<T> = Partial<Record<keyof T, string | null>>;

interface FormRules<T extends Values, R> {
  /** What is wrong with what was entered, by field. */
  check(values: T): Errors<T>;
  send(values: T): Promise<R>;
}

/** Errors that are the fault of one field: the first of these that the form has. */
const FIELDS_OF_CODE: Readonly<Record<string, readonly string[]>> = {
  "password-too-weak": ["newPassword", "password"],
  "password-wrong": ["currentPassword", "password"],
  "email-taken": ["email"],
  "backup-key": ["identity"],
  "invitation-address": ["email"],
};

/** The fields that the server refused, where the form has them; `null` where it said something of the whole. */
function fieldsOf<T extends Values>(error: Error, names: readonly string[]): Errors<T> | null {
  if (!(error instanceof ApiError)) return null;
  const field = FIELDS_OF_CODE[error.code]?.find((name) => names.includes(name));
  if (field) return { [field]: [error.message, error.suggestion].filter(Boolean).join(" ") } as Errors<T>;
  const known = error.fields.filter(({ path }) => names.includes(path));
  return known.length > 0
    ? (Object.fromEntries(known.map(({ path, message }) => [path, message])) as Errors<T>)
    : null;
}

/**
 * A form whose fields keep their own values, as password managers expect. After a vain attempt the first wrong field
 * has the focus; `error` is what is not the fault of one field.
 */
export function useForm<T extends Values, R = unknown>({ check, send }: FormRules<T, R>) {
  const form = useRef<HTMLFormElement>(null);
  const [errors, setErrors] = useState<Errors<T>>({});
  const mutation = useMutation({
    mutationFn: send,
    onError: (error) => {
      const names = Array.from(form.current?.elements ?? [], (element) => element.getAttribute("name") ?? "");
      const wrong = fieldsOf<T>(error, names);
      if (wrong) setErrors(wrong);
    },
  });
  const hasErrors = Object.values(errors).some(Boolean);

  useLayoutEffect(() => {
    const first = Object.values(errors).some(Boolean) && form.current?.querySelector('[aria-invalid="true"]');
    if (first instanceof HTMLElement) first.focus();
  }, [errors]);

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (mutation.isPending) return;
    const values = Object.fromEntries(new FormData(event.currentTarget)) as T;
    const wrong = check(values);
    setErrors(wrong);
    if (Object.values(wrong).some(Boolean)) mutation.reset();
    else mutation.mutate(values);
  };
  return {
    attributes: { ref: form, onSubmit, noValidate: true },
    errors,
    error: hasErrors ? null : mutation.error,
    isSending: mutation.isPending,
    /** The server's answer. */
    data: mutation.data,
    values: mutation.variables,
  };
}
