import { useI18n } from "../i18n/use-i18n.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";
import { Page } from "./page.tsx";

/** Stands in for a view that broke, or whose code is no longer on the server. */
export function BrokenView() {
  const { t } = useI18n();
  const title = t("app.crashed");
  return (
    <Page title={title}>
      <Notice
        tone="error"
        role="alert"
        title={title}
        actions={<Button onClick={() => window.location.reload()}>{t("app.reload")}</Button>}
      >
        {t("app.crashedHint")}
      </Notice>
    </Page>
  );
}
