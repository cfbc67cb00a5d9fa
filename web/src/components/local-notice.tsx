import { Link } from "wouter";
import { accountPaths } from "../account-paths.ts";
import { useStore } from "../hooks/use-store.ts";
import { useI18n } from "../i18n/use-i18n.ts";
import { hasAccounts } from "../session/has-accounts.ts";
import { role } from "../session/role.ts";
import styles from "./local-notice.module.css";
import { Notice } from "./notice.tsx";

const KEY_VARIABLE = "GENAPI_API_KEY";

/** What the built-in generator can and cannot do, and how to get models made by AI; settings of the server are for who runs it. */
export function LocalNotice() {
  const { t } = useI18n();
  const mayManage = useStore(role) === "admin" || !hasAccounts;
  const [before, after] = t("local.step2").split("{variable}");
  return (
    <Notice>
      <p>{t("local.notice")}</p>
      {hasAccounts && <Link href={accountPaths.keys}>{t("local.ownKey")}</Link>}
      {mayManage && (
        <details>
          <summary>{t("local.how")}</summary>
          <ol className={styles.steps}>
            <li>{t("local.step1")}</li>
            <li>
              {before}
              <code>{KEY_VARIABLE}</code>
              {after}
            </li>
            <li>{t("local.step3")}</li>
          </ol>
        </details>
      )}
    </Notice>
  );
}
