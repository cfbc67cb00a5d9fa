import { type ComponentType, useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";
import { Page, PageHeading } from "../../../components/page.tsx";
import { hasAccounts } from "../../../session/has-accounts.ts";
import account from "../../account/account.module.css";
import { NotFoundPage } from "../../not-found/not-found-page.tsx";
import { AdminFrame } from "../admin-frame.tsx";
import { AboutView } from "./about-view.tsx";
import { BackupsView } from "./backups-view.tsx";
import { CacheView } from "./cache-view.tsx";
import { ControlView } from "./control-view.tsx";
import { LogView } from "./log-view.tsx";
import { OverviewView } from "./overview-view.tsx";
import { VIEWS, type ViewName, viewOf, viewPath } from "./system-paths.ts";
import { addSystemStyles } from "./system-styles.ts";
import { useAnswersInLanguage } from "./use-answers-in-language.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

addSystemStyles();

const PARTS: Readonly<Record<ViewName, ComponentType>> = {
  overview: OverviewView,
  backups: BackupsView,
  cache: CacheView,
  control: ControlView,
  log: LogView,
  about: AboutView,
};

function Parts({ current }: { current: ViewName }) {
  const { s } = useSystemI18n();
  const Part = PARTS[current];
  const list = useRef<HTMLUListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each change of the part
  useEffect(() => {
    const link = list.current?.querySelector('[aria-current="page"]');
    link?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [current]);
  return (
    <>
      <nav aria-label={s("nav")} className="sys-nav">
        <ul ref={list}>
          {VIEWS.map((view) => (
            <li key={view}>
              <Link href={viewPath(view)} aria-current={view === current ? "page" : undefined}>
                {s(`views.${view}`)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Part />
    </>
  );
}

/** Where operators see how the server is, and what they can do about it. Without accounts everybody is one. */
export default function SystemPage() {
  const { s } = useSystemI18n();
  const [location] = useLocation();
  useAnswersInLanguage();
  const view = viewOf(location);
  if (!view) return <NotFoundPage />;
  const page = `${s(`views.${view}`)} · ${s("page")}`;
  if (hasAccounts) {
    return (
      <AdminFrame page={page} heading={s("heading")}>
        <Parts current={view} />
      </AdminFrame>
    );
  }
  return (
    <Page title={page}>
      <div className={account.wideFrame}>
        <PageHeading>{s("heading")}</PageHeading>
        <Parts current={view} />
      </div>
    </Page>
  );
}
