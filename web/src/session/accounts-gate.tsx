import { useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { Redirect, useLocation } from "wouter";
import { useStore } from "../hooks/use-store.ts";
import { loadView } from "../load-view.ts";
import { paths } from "../paths.ts";
import { keepFresh } from "./keep-fresh.ts";
import { role } from "./role.ts";
import { session } from "./session-store.ts";
import { startSession } from "./start-session.ts";
import { useMe } from "./use-me.ts";

const DoorPages = lazy(() => loadView(() => import("../pages/account/door-pages.tsx")));

/** Addresses that are for people without a sign-in, or that a letter or an administrator gave them. */
const DOOR = /^\/(sign-in|register|forgot|first-run|invite|reset|verify)\/?$/;

/** The page of somebody who has signed in. Who only looks begins with the models. */
function Member({ children }: { children: ReactNode }) {
  const { data: me } = useMe();
  const [location] = useLocation();
  useEffect(() => {
    role.update(() => me?.role ?? null);
    return () => role.update(() => null);
  }, [me?.role]);
  if (me?.role === "viewer" && location === paths.create) return <Redirect href={paths.models} replace />;
  return children;
}

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
  if (isIn && !DOOR.test(location)) return <Member key={state.userId}>{children}</Member>;
  return (
    <Suspense fallback={null}>
      <DoorPages />
    </Suspense>
  );
}
