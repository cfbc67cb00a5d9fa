/** Texts about augmented reality, for the product's page and the page behind a share link. */
export const arEn = {
  ar: {
    button: "View in your room",
    scene: "View with Google’s viewer",
    inPage: "Place it here in the browser",
    notes: {
      "in-app": "{app} can’t open augmented reality. Open this page in {browser}: menu → “Open in browser”.",
      "other-browser": "This browser can’t open augmented reality. Open this page in Safari.",
      insecure:
        "Augmented reality on Android needs a secure link (https://), and this one is not. The owner of the page can set it up.",
      local: "This link works in the local network only, where Google’s viewer can’t fetch the model.",
      "no-file": "There is no file for augmented reality of this model yet.",
      "too-large": "A large model: older phones may take a while or give up.",
      "no-ar-core": "This phone reports no augmented reality. The button shows the model in 3D instead.",
      "no-phone": "Scan with your phone’s camera: the model then stands in your room at its real size.",
    },
    thisApp: "This app",
    failed: "Google’s viewer did not open. It needs the Google app and Google Play Services for AR.",
    live: {
      label: "Augmented reality",
      loading: "Loading the model…",
      search: "Move the phone slowly over the floor or a table.",
      tap: "Tap to place it.",
      placed: "Real size. Drag to turn, tap elsewhere to move.",
      close: "Close",
      failed: "Augmented reality did not start. Allow the camera for this page and try again.",
      noModel: "The model could not be loaded. Check the connection and try again.",
    },
  },
};
