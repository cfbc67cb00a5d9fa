/**
 * Asks for a session in the visitor's room; call it in the tap itself, browsers refuse it later. Source: WebXR Device
 * API, WebXR Hit Test and DOM Overlays modules. Rejects where the visitor or the device says no.
 */
export function requestArSession(overlay: HTMLElement): Promise<XRSession> {
  if (!navigator.xr) return Promise.reject(new DOMException("No WebXR.", "NotSupportedError"));
  return navigator.xr.requestSession("immersive-ar", {
    requiredFeatures: ["hit-test"],
    optionalFeatures: ["dom-overlay"],
    domOverlay: { root: overlay },
  });
}
