import { renderSVG } from "uqr";

/** Modules of white around the code, as ISO/IEC 18004 asks. */
const QUIET_ZONE = 4;

/** Address of a drawing of the text as a QR code, dark on white in every theme, because scanners need that. */
export function qrImageUrl(text: string): string {
  const svg = renderSVG(text, { ecc: "M", border: QUIET_ZONE, whiteColor: "#fff", blackColor: "#111" });
  // Without this the edges of neighbouring modules shine through each other.
  const crisp = svg.replace("<svg ", '<svg shape-rendering="crispEdges" ');
  return `data:image/svg+xml,${encodeURIComponent(crisp)}`;
}
