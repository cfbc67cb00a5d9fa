import { Switch } from "@base-ui/react/switch";
import { useId } from "react";

interface ToggleProps {
  label: string;
  hint?: string | undefined;
  isOn: boolean;
  /** It can't be switched here. */
  disabled?: boolean;
  onChange: (isOn: boolean) => void;
}

/** A switch with its name and what it does. */
export function Toggle({ label, hint, isOn, disabled = false, onChange }: ToggleProps) {
  const id = useId();
  return (
    <div className="sys-toggle">
      <div>
        <p id={id} className="sys-strong">
          {label}
        </p>
        {hint && (
          <p id={`${id}-hint`} className="sys-quiet">
            {hint}
          </p>
        )}
      </div>
      <Switch.Root
        className="sys-switch"
        checked={isOn}
        disabled={disabled}
        onCheckedChange={onChange}
        aria-labelledby={id}
        {...(hint && { "aria-describedby": `${id}-hint` })}
      >
        <Switch.Thumb className="sys-thumb" />
      </Switch.Root>
    </div>
  );
}
