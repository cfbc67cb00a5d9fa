import { Button } from "../../components/button.tsx";

interface SubmitButtonProps {
  label: string;
  sendingLabel: string;
  isSending: boolean;
}

/** Sends its form; while that is under way it says so and keeps the focus. */
export function SubmitButton({ label, sendingLabel, isSending }: SubmitButtonProps) {
  return (
    <Button type="submit" variant="primary" aria-disabled={isSending}>
      {isSending ? sendingLabel : label}
    </Button>
  );
}
