import type { Owner } from "../../../../server/contract/access.ts";
import { Segmented } from "../../components/segmented.tsx";
import { useTeamI18n } from "../../components/team/use-team-i18n.ts";
import { useStore } from "../../hooks/use-store.ts";
import { role } from "../../session/role.ts";

interface OwnerSwitchProps {
  owner: Owner;
  onChange: (owner: Owner) => void;
}

/** Whose models the gallery shows, on servers with accounts. */
export function OwnerSwitch({ owner, onChange }: OwnerSwitchProps) {
  const { m } = useTeamI18n();
  const owners: Owner[] = ["me", "team"];
  if (useStore(role) === "admin") owners.push("all");
  return (
    <Segmented
      legend={m("whose")}
      value={owner}
      options={owners.map((value) => ({ value, label: m(value) }))}
      onChange={onChange}
    />
  );
}
