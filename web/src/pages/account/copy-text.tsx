import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";

interface CopyTextProps {
  text: string;
  label: string;
}

/** Copies a text. Pages that came over plain http from another computer have no clipboard, and no such button. */
export function CopyText({ text, label }: CopyTextProps) {
  const { a } = useAccountI18n();
  const [copied, setCopied] = useState(false);
  if (!navigator.clipboard) return null;
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  const Icon = copied ? Check : Copy;
  return (
    <Button onClick={() => void copy()}>
      <Icon size={18} aria-hidden="true" />
      <span aria-live="polite">{copied ? a("once.copied") : label}</span>
    </Button>
  );
}
