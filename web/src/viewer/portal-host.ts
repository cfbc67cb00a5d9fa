import { createContext } from "react";

/** Where the viewer's popups live: inside it, so that they are seen in full screen too. */
export const PortalHost = createContext<HTMLElement | null>(null);
