import { lazy, Suspense, useRef } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { BrokenView } from "../../components/broken-view.tsx";
import { ErrorBoundary } from "../../components/error-boundary.tsx";
import { OfflineBanner } from "../../components/offline-banner.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { Toaster } from "../../components/toaster.tsx";
import { useRouteFocus } from "../../hooks/use-route-focus.ts";
import { useStore } from "../../hooks/use-store.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { loadView } from "../../load-view.ts";
import { paths } from "../../paths.ts";
import { session } from "../../session/session-store.ts";
import styles from "./door.module.css";
import { DoorHeader } from "./door-header.tsx";
import { SignInPage } from "./sign-in-page.tsx";

const FirstRunPage = lazy(() => loadView(() => import("./first-run-page.tsx")));
const InvitePage = lazy(() => loadView(() => import("./invite-page.tsx")));
const RegisterPage = lazy(() => loadView(() => import("./register-page.tsx")));
const ForgotPage = lazy(() => loadView(() => import("./forgot-page.tsx")));
const ResetPage = lazy(() => loadView(() => import("./reset-page.tsx")));
const VerifyPage = lazy(() => loadView(() => import("./verify-page.tsx")));

/** What people see before they have signed in. At all addresses that are for members it is the sign-in. */
export default function DoorPages() {
  const { t } = useI18n();
  const [location] = useLocation();
  const isIn = useStore(session).kind === "in";
  const main = useRef<HTMLElement>(null);
  useRouteFocus(location, main);
  return (
    <div className={styles.door}>
      <DoorHeader />
      <OfflineBanner />
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <ErrorBoundary resetKey={location} fallback={<BrokenView />}>
          <Suspense fallback={<Spinner label={t("app.loading")} />}>
            <Switch>
              <Route path="/invite" component={InvitePage} />
              <Route path="/reset" component={ResetPage} />
              <Route path="/verify" component={VerifyPage} />
              {isIn && <Redirect href={paths.create} replace />}
              <Route path="/first-run" component={FirstRunPage} />
              <Route path="/register" component={RegisterPage} />
              <Route path="/forgot" component={ForgotPage} />
              <Route component={SignInPage} />
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </main>
      <Toaster />
    </div>
  );
}
