import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "../button.tsx";
import { useSharingI18n } from "./use-sharing-i18n.ts";

/** Copies a text; where the page has no clipboard (plain http from another computer) there is no button. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { s } = useSharingI18n();
  const [copied, setCopied] = useState<string | null>(null);
  if (!navigator.clipboard) return null;
  const done = copied === text;
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(text),
      () => undefined,
    );
  return (
    <Button onClick={() => void copy()}>
      {done ? <Check size={18} aria-hidden /> : <Copy size={18} aria-hidden />}
      <span aria-live="polite">{done ? s("copied") : label}</span>
    </Button>
  );
}
