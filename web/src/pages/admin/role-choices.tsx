import { useState } from "react";
import { ROLES, type Role } from "../../../../server/contract/access.ts";
import { useAccountI18n } from "../account/use-account-i18n.ts";
import { Choice, Choices } from "../keys/choices.tsx";
import { useAdminI18n } from "./use-admin-i18n.ts";

/** The roles with what they may do; the field of the form is `role`. */
export function RoleChoices({ initial, error }: { initial: Role; error?: string | null }) {
  const { a } = useAccountI18n();
  const { d } = useAdminI18n();
  const [role, setRole] = useState<Role>(initial);
  return (
    <Choices legend={d("role.legend")} error={error}>
      {ROLES.map((one) => (
        <Choice
          key={one}
          type="radio"
          name="role"
          value={one}
          label={a(`roles.${one}`)}
          hint={a(`roleHints.${one}`)}
          checked={role === one}
          onChange={() => setRole(one)}
        />
      ))}
    </Choices>
  );
}
