import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { Page, PageHeading } from "../../components/page.tsx";
import { useMe } from "../../session/use-me.ts";
import styles from "./account.module.css";
import { accountLinks } from "./account-links.ts";
import { useAccountI18n } from "./use-account-i18n.ts";

interface AccountFrameProps {
  page: string;
  heading: string;
  /** Tables need the whole width. */
  wide?: boolean;
  children: ReactNode;
}

/** A view of the account: its heading, and the ways to the other ones. */
export function AccountFrame({ page, heading, wide = false, children }: AccountFrameProps) {
  const { a } = useAccountI18n();
  const { data: me } = useMe();
  const [location] = useLocation();
  const links = accountLinks(me?.role);
  // Some views have parts with addresses of their own, and one view lies below another.
  const current = links
    .map(({ href }) => href)
    .filter((href) => location === href || location.startsWith(`${href}/`))
    .sort((one, other) => other.length - one.length)[0];
  return (
    <Page title={page}>
      <div className={wide ? styles.wideFrame : styles.frame}>
        <nav aria-label={a("nav")}>
          <ul className={styles.tabs}>
            {links.map(({ name, href }) => (
              <li key={href}>
                <Link href={href} aria-current={href === current ? "page" : undefined}>
                  {a(`menu.${name}`)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <PageHeading>{heading}</PageHeading>
        {children}
      </div>
    </Page>
  );
}
