export interface SceneViewerOptions {
  /** Absolute public HTTPS address of a GLB; no cookies are sent there. */
  file: string;
  title: string;
  /** Where the browser goes when the Google app is missing or too old. */
  fallback: string;
  /** A page to which the viewer links. */
  link?: string;
}

/**
 * The intent that opens Scene Viewer at true size. Addresses inside it are encoded once more, because `;` and `#`
 * divide the intent itself. Source: developers.google.com/ar/develop/scene-viewer.
 */
export function sceneViewerUrl({ file, title, fallback, link }: SceneViewerOptions): string {
  const params = new URLSearchParams({ file, mode: "ar_preferred", resizable: "false", title });
  if (link) params.set("link", link);
  const query = params.toString().replaceAll("+", "%20");
  return (
    `intent://arvr.google.com/scene-viewer/1.2?${query}#Intent;scheme=https;` +
    "package=com.google.android.googlequicksearchbox;action=android.intent.action.VIEW;" +
    `S.browser_fallback_url=${encodeURIComponent(fallback)};end;`
  );
}
