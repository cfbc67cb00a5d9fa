import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";

let navigated = false;

/** Whether the visitor has changed the view since the page was loaded. */
export function hasNavigated(): boolean {
  return navigated;
}

/** After a change of view: the top of the page, and the focus on the main part (its heading may take it over). */
export function useRouteFocus(location: string, main: RefObject<HTMLElement | null>): void {
  const previous = useRef(location);
  if (previous.current !== location) navigated = true;

  useLayoutEffect(() => {
    if (previous.current === location) return;
    previous.current = location;
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
  }, [location, main]);

  useEffect(() => {
    // wouter announces its own navigation with an event of this name; going back keeps the browser's scrolling.
    const toTop = () => window.scrollTo(0, 0);
    window.addEventListener("pushState", toTop);
    return () => window.removeEventListener("pushState", toTop);
  }, []);
}
