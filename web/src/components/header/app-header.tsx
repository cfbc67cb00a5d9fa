import { lazy, Suspense } from "react";
import { Link, useLocation } from "wouter";
import { useI18n } from "../../i18n/use-i18n.ts";
import { loadView } from "../../load-view.ts";
import { paths } from "../../paths.ts";
import { hasAccounts } from "../../session/has-accounts.ts";
import { useMayMake } from "../../session/role.ts";
import styles from "./app-header.module.css";
import { RunningMenu } from "./running-menu.tsx";
import { SettingsMenu } from "./settings-menu.tsx";

const AccountMenu = lazy(() => loadView(() => import("../../pages/account/account-menu.tsx")));

const LINKS = ["create", "models", "trash"] as const;

/** The bar at the top of every view. */
export function AppHeader() {
  const { t } = useI18n();
  const [location] = useLocation();
  const mayMake = useMayMake();
  const links = mayMake ? LINKS : LINKS.filter((link) => link === "models");
  return (
    <header className={styles.header}>
      <div className={styles.bar}>
        <Link href={paths.create} className={styles.brand} aria-label={t("app.name")}>
          <img src="/favicon.svg" alt="" width={32} height={32} />
          <span className={styles.brandName}>{t("app.name")}</span>
        </Link>
        <nav className={styles.nav} aria-label={t("nav.main")}>
          <ul>
            {links.map((link) => (
              <li key={link} className={link === "trash" ? styles.wideOnly : undefined}>
                <Link
                  href={paths[link]}
                  className={styles.link}
                  aria-current={location === paths[link] ? "page" : undefined}
                >
                  {t(`nav.${link}`)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className={styles.tools}>
          <RunningMenu />
          <SettingsMenu />
          {hasAccounts && (
            <Suspense fallback={<span className={styles.waiting} />}>
              <AccountMenu />
            </Suspense>
          )}
        </div>
      </div>
    </header>
  );
}
