import { lazy, Suspense } from "react";
import { Route, Switch, useLocation } from "wouter";
import { BrokenView } from "./components/broken-view.tsx";
import { ErrorBoundary } from "./components/error-boundary.tsx";
import { Page } from "./components/page.tsx";
import { Spinner } from "./components/spinner.tsx";
import { useI18n } from "./i18n/use-i18n.ts";
import { CreatePage } from "./pages/create/create-page.tsx";
import { NotFoundPage } from "./pages/not-found/not-found-page.tsx";

const GalleryPage = lazy(() => import("./pages/gallery/gallery-page.tsx"));
const TrashPage = lazy(() => import("./pages/gallery/trash-page.tsx"));
const GenerationPage = lazy(() => import("./pages/generation/generation-page.tsx"));
const ModelPage = lazy(() => import("./pages/model/model-page.tsx"));

function Loading() {
  const { t } = useI18n();
  return (
    <Page title={t("app.loading")}>
      <Spinner label={t("app.loading")} />
    </Page>
  );
}

/** Address to view. Only the first view is in the first download. */
export function Routes() {
  const [location] = useLocation();
  return (
    <ErrorBoundary resetKey={location} fallback={<BrokenView />}>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/" component={CreatePage} />
          <Route path="/models" component={GalleryPage} />
          <Route path="/models/:id">{({ id }) => <ModelPage key={id} />}</Route>
          <Route path="/generations/:id">{({ id }) => <GenerationPage key={id} id={id} />}</Route>
          <Route path="/trash" component={TrashPage} />
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}
