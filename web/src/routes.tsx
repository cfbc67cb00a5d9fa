import { Suspense, useEffect } from "react";
import { Route, Switch, useLocation } from "wouter";
import { BrokenView } from "./components/broken-view.tsx";
import { ErrorBoundary } from "./components/error-boundary.tsx";
import { Notice } from "./components/notice.tsx";
import { Page } from "./components/page.tsx";
import { Spinner } from "./components/spinner.tsx";
import { useOnline } from "./hooks/use-online.ts";
import { useI18n } from "./i18n/use-i18n.ts";
import { late } from "./late.tsx";
import { loadView } from "./load-view.ts";
import { CreatePage } from "./pages/create/create-page.tsx";
import { NotFoundPage } from "./pages/not-found/not-found-page.tsx";
import { hasAccounts } from "./session/has-accounts.ts";

const loadGallery = () => import("./pages/gallery/gallery-page.tsx");
const loadTrash = () => import("./pages/gallery/trash-page.tsx");
const loadGeneration = () => import("./pages/generation/generation-page.tsx");
const loadModel = () => import("./pages/model/model-page.tsx");
const loadCompare = () => import("./pages/compare/compare-page.tsx");
const loadWebhooks = () => import("./pages/webhooks/webhooks-page.tsx");
const loadWebhook = () => import("./pages/webhooks/webhook-page.tsx");

const loadAccount = () => import("./pages/account/account-routes.tsx");

const GalleryPage = late(() => loadView(loadGallery));
const TrashPage = late(() => loadView(loadTrash));
const GenerationPage = late(() => loadView(loadGeneration));
export const ModelPage = late(() => loadView(loadModel));
const ComparePage = late(() => loadView(loadCompare));
const WebhooksPage = late(() => loadView(loadWebhooks));
const WebhookPage = late(() => loadView(loadWebhook));
const AccountRoutes = late(() => loadView(loadAccount));

/** Long after the first view has settled: the other views then open at once, and without a connection too. */
const FETCH_AHEAD_MS = 3000;

function useFetchAhead(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const load of [loadGeneration, loadModel, loadGallery, loadTrash]) load().catch(() => undefined);
    }, FETCH_AHEAD_MS);
    return () => clearTimeout(timer);
  }, []);
}

function Loading() {
  const { t } = useI18n();
  const online = useOnline();
  const title = online ? t("app.loading") : t("errors.offline");
  return (
    <Page title={title}>
      {online ? (
        <Spinner label={title} />
      ) : (
        <Notice role="status" title={title}>
          {t("app.offlineView")}
        </Notice>
      )}
    </Page>
  );
}

/** Address to view. Only the first view is in the first download. */
export function Routes() {
  const [location] = useLocation();
  useFetchAhead();
  return (
    <ErrorBoundary resetKey={location} fallback={<BrokenView />}>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/" component={CreatePage} />
          <Route path="/models">
            <GalleryPage waiting={<Loading />} />
          </Route>
          <Route path="/models/:id">{({ id }) => <ModelPage key={id} waiting={<Loading />} />}</Route>
          <Route path="/compare">
            <ComparePage waiting={<Loading />} />
          </Route>
          <Route path="/generations/:id">
            {({ id }) => <GenerationPage key={id} id={id} waiting={<Loading />} />}
          </Route>
          <Route path="/trash">
            <TrashPage waiting={<Loading />} />
          </Route>
          <Route path="/webhooks">
            <WebhooksPage waiting={<Loading />} />
          </Route>
          <Route path="/webhooks/:id">
            {({ id }) => <WebhookPage key={id} id={id} waiting={<Loading />} />}
          </Route>
          <Route path={hasAccounts ? /^\/(account|admin)(\/|$)/ : /^\/admin\/system(\/|$)/}>
            <AccountRoutes waiting={<Loading />} />
          </Route>
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}
