const attribute = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** The line of HTML that shows a link in a frame; full screen is all that the frame may ask for. */
export const embedCode = (embedUrl: string, title: string): string =>
  `<iframe src="${attribute(embedUrl)}" title="${attribute(title)}" width="100%" height="480" ` +
  `style="border:0;border-radius:12px" loading="lazy" allow="fullscreen"></iframe>`;
