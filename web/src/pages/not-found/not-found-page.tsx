import { Compass } from "lucide-react";
import { ButtonLink } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Page, PageHeading } from "../../components/page.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import { paths } from "../../paths.ts";

export function NotFoundPage() {
  const { t } = useI18n();
  return (
    <Page title={t("notFound.page")}>
      <PageHeading className="visually-hidden">{t("notFound.page")}</PageHeading>
      <EmptyState
        icon={<Compass size={44} aria-hidden="true" />}
        title={t("notFound.heading")}
        hint={t("notFound.hint")}
        action={
          <ButtonLink href={paths.create} variant="primary">
            {t("notFound.home")}
          </ButtonLink>
        }
      />
    </Page>
  );
}
