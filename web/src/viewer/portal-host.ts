import { createContext } from "react";

/**
 * Where the viewer's popups live: in the page's body as a rule (undefined), in the viewer itself while it fills the
 * screen, because nothing else is seen then.
 */
export const PortalHost = createContext<HTMLElement | undefined>(undefined);
