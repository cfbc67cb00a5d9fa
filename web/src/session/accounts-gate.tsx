import { useQueryClient } from "@tanstack/react-query";
import { Fragment, lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useStore } from "../hooks/use-store.ts";
import { loadView } from "../load-view.ts";
import { keepFresh } from "./keep-fresh.ts";
import { session } from "./session-store.ts";
import { startSession } from "./start-session.ts";

const DoorPages = lazy(() => loadView(() => import("../pages/account/door-pages.tsx")));

/** Addresses that are for people without a sign-in, or that a letter or an administrator gave them. */
const DOOR = /^\/(sign-in|register|forgot|first-run|invite|reset|verify)\/?$/;

/**
 * Around the whole page of a server with accounts: who has not signed in sees how to, at whatever address, and goes
 * on there afterwards.
 */
export default function AccountsGate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  useState(() => startSession(client));
  const state = useStore(session);
  const [location] = useLocation();
  const isIn = state.kind === "in";
  useEffect(() => (isIn ? keepFresh() : undefined), [isIn]);
  const wasOut = useRef(false);
  useEffect(() => {
    if (isIn && wasOut.current) document.getElementById("main")?.focus({ preventScroll: true });
    wasOut.current = state.kind === "out";
  }, [isIn, state.kind]);

  if (state.kind === "asking") return null;
  if (isIn && !DOOR.test(location)) return <Fragment key={state.userId}>{children}</Fragment>;
  return (
    <Suspense fallback={null}>
      <DoorPages />
    </Suspense>
  );
}
