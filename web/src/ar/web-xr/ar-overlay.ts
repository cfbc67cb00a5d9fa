import css from "./ar-overlay.css?inline";

export interface ArOverlay {
  root: HTMLElement;
  say(text: string): void;
  /** Whether the last touch was a drag. */
  wasDrag(): boolean;
  remove(): void;
}

interface ArOverlayOptions {
  label: string;
  close: string;
  onClose: () => void;
  /** A finger moved sideways by so many CSS pixels. */
  onDrag: (pixels: number) => void;
}

/** Less movement than this is still a tap. */
const TAP_SLACK_PIXELS = 8;

/** What lies over the camera's picture: a line of words and the way out. */
export function createArOverlay({ label, close, onClose, onDrag }: ArOverlayOptions): ArOverlay {
  const root = document.createElement("div");
  root.className = "ar-overlay";
  root.setAttribute("role", "dialog");
  root.setAttribute("aria-label", label);
  const style = document.createElement("style");
  style.textContent = css;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = close;
  button.addEventListener("click", onClose);
  // A touch on the button is not a touch of the floor behind it.
  button.addEventListener("beforexrselect", (event) => event.preventDefault());
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  root.append(style, button, words);
  const wasDrag = watchDrags(root, onDrag);
  document.body.append(root);
  button.focus();
  return {
    root,
    say(text) {
      words.textContent = text;
      words.hidden = !text;
    },
    wasDrag,
    remove: () => root.remove(),
  };
}

function watchDrags(root: HTMLElement, onDrag: (pixels: number) => void): () => boolean {
  let startX = 0;
  let lastX = 0;
  let dragging = false;
  root.addEventListener("pointerdown", ({ clientX }) => {
    startX = lastX = clientX;
    dragging = false;
  });
  root.addEventListener("pointermove", ({ clientX, buttons }) => {
    if (!buttons) return;
    dragging ||= Math.abs(clientX - startX) > TAP_SLACK_PIXELS;
    if (dragging) onDrag(clientX - lastX);
    lastX = clientX;
  });
  return () => dragging;
}
