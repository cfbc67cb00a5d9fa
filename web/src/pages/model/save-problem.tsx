import { Button } from "../../components/button.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { useModelI18n } from "../../components/model/use-model-i18n.ts";
import { Notice } from "../../components/notice.tsx";
import { isConflict } from "./use-model-record.ts";

type SaveProblemProps = { error: Error | null; onReload: () => void };

/** Why the last change was not kept; after someone else's change the way on is to load it. */
export function SaveProblem({ error, onReload }: SaveProblemProps) {
  const { t } = useModelI18n();
  if (!error) return null;
  if (!isConflict(error)) return <ErrorNotice error={error} title={t("model.errors.saveTitle")} />;
  return (
    <Notice
      tone="warn"
      role="alert"
      title={t("model.errors.conflictTitle")}
      actions={<Button onClick={onReload}>{t("model.errors.reload")}</Button>}
    >
      {t("model.errors.conflictText")}
    </Notice>
  );
}
