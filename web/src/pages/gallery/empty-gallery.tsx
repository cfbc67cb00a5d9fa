import { Images, SearchX } from "lucide-react";
import type { Owner } from "../../../../server/contract/access.ts";
import { Button, ButtonLink } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { useTeamI18n } from "../../components/team/use-team-i18n.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { paths } from "../../paths.ts";
import { useMayMake } from "../../session/role.ts";

interface EmptyGalleryProps {
  filtered: boolean;
  owner: Owner | undefined;
  onClear: () => void;
  onTeam: () => void;
}

/** Why there is nothing to see: no models at all, or none that fit. */
export function EmptyGallery({ filtered, owner, onClear, onTeam }: EmptyGalleryProps) {
  const { t } = useI18n();
  const { m } = useTeamI18n();
  const mayMake = useMayMake();
  const icon = <Images size={44} aria-hidden="true" />;
  if (filtered) {
    return (
      <EmptyState
        icon={<SearchX size={44} aria-hidden="true" />}
        title={t("gallery.noneFound")}
        hint={t("gallery.noneFoundHint")}
        action={<Button onClick={onClear}>{t("gallery.clearFilter")}</Button>}
      />
    );
  }
  if (owner === "team") return <EmptyState icon={icon} title={m("emptyTeam")} hint={m("emptyTeamHint")} />;
  if (!mayMake) {
    const action = <Button onClick={onTeam}>{m("toTeam")}</Button>;
    return <EmptyState icon={icon} title={m("emptyMine")} hint={m("emptyMineHint")} action={action} />;
  }
  return (
    <EmptyState
      icon={icon}
      title={t("gallery.empty")}
      hint={t("gallery.emptyHint")}
      action={
        <ButtonLink href={paths.create} variant="primary">
          {t("gallery.emptyAction")}
        </ButtonLink>
      }
    />
  );
}
