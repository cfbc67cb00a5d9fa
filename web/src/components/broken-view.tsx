import { useOnline } from "../hooks/use-online.ts";
import { useI18n } from "../i18n/use-i18n.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";
import { Page } from "./page.tsx";

/** Stands in for a view that broke, or whose code could not be fetched. */
export function BrokenView() {
  const { t } = useI18n();
  const online = useOnline();
  const title = online ? t("app.crashed") : t("errors.offline");
  return (
    <Page title={title}>
      <Notice
        tone="error"
        role="alert"
        title={title}
        actions={
          <Button disabled={!online} onClick={() => window.location.reload()}>
            {t("app.reload")}
          </Button>
        }
      >
        {online ? t("app.crashedHint") : t("app.offlineView")}
      </Notice>
    </Page>
  );
}
