import { createRoot } from "react-dom/client";
import Viewer, { type ViewerProps } from "../viewer/viewer.tsx";

/** Draws the product's viewer into a page without React; answers what takes it away again. */
export function mountViewer(host: HTMLElement, props: ViewerProps): () => void {
  const root = createRoot(host);
  root.render(<Viewer {...props} />);
  return () => root.unmount();
}
