import { useRef } from "react";
import { useLocation } from "wouter";
import styles from "./app.module.css";
import { AppHeader } from "./components/header/app-header.tsx";
import { OfflineBanner } from "./components/offline-banner.tsx";
import { Toaster } from "./components/toaster.tsx";
import { useAnnounceFinished } from "./hooks/use-announce-finished.ts";
import { FeedProvider, useGenerationFeed } from "./hooks/use-generation-feed.ts";
import { useRouteFocus } from "./hooks/use-route-focus.ts";
import { useI18n } from "./i18n/use-i18n.ts";
import { useLeaveWarning } from "./pages/create/use-leave-warning.ts";
import { Routes } from "./routes.tsx";

/** What surrounds every view: skip link, header, messages, and the live feed of generations. */
export function Layout() {
  const { t } = useI18n();
  const [location] = useLocation();
  const main = useRef<HTMLElement>(null);
  useRouteFocus(location, main);
  useLeaveWarning();
  const feed = useGenerationFeed(useAnnounceFinished());

  return (
    <FeedProvider value={feed}>
      <a href="#main" className={styles.skip}>
        {t("app.skip")}
      </a>
      <AppHeader />
      <OfflineBanner />
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <Routes />
      </main>
      <Toaster />
    </FeedProvider>
  );
}
