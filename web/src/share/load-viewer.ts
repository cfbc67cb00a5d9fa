import type { ViewerProps } from "../viewer/viewer.tsx";

/** The product's style sheet; the build leaves its address here instead of a link that would hold up the first paint. */
function loadStyles(): Promise<void> {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="styles"]');
  if (!meta) return Promise.resolve();
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = meta.content;
  return new Promise((resolve, reject) => {
    link.onload = () => {
      meta.remove();
      resolve();
    };
    link.onerror = () => {
      link.remove();
      reject(new TypeError("The style sheet could not be loaded."));
    };
    document.head.append(link);
  });
}

/** Fetches the product's viewer and shows the model in `host`. Answers what takes it away again. Rejects offline. */
export async function showViewer(host: HTMLElement, props: ViewerProps): Promise<() => void> {
  const [{ mountViewer }] = await Promise.all([import("./mount-viewer.tsx"), loadStyles()]);
  return mountViewer(host, props);
}
