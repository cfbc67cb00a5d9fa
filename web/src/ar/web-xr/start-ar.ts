import type { arEn } from "../ar-en.ts";
import { createArOverlay } from "./ar-overlay.ts";
import { requestArSession } from "./ar-session.ts";

type Texts = Record<keyof (typeof arEn)["ar"]["live"], string>;

const RADIANS_PER_PIXEL = 0.01;

/**
 * Puts the model into the visitor's room by WebXR; call it in the tap. The session is asked for first, three and the
 * model come while the room opens. Resolves to null when the room was closed, else to what to tell the visitor.
 */
export async function startAr(url: string, texts: Texts): Promise<string | null> {
  let session: XRSession | undefined;
  let turn = (_angle: number): void => undefined;
  const overlay = createArOverlay({
    label: texts.label,
    close: texts.close,
    onClose: () => void session?.end(),
    onDrag: (pixels) => turn(pixels * RADIANS_PER_PIXEL),
  });
  try {
    overlay.say(texts.loading);
    session = await requestArSession(overlay.root);
  } catch {
    overlay.remove();
    return texts.failed;
  }
  let closed = false;
  const ended = new Promise<void>((resolve) => {
    session?.addEventListener("end", () => {
      closed = true;
      resolve();
    });
  });
  let trouble: string | null = null;
  try {
    const { runAr } = await import("./ar-run.ts");
    const controls = await runAr({
      session,
      url,
      onPhase: (phase) => overlay.say(texts[phase]),
      wasDrag: overlay.wasDrag,
    });
    turn = controls.turn;
  } catch {
    if (!closed) trouble = texts.noModel;
    await session.end().catch(() => undefined);
  }
  await ended;
  overlay.remove();
  return trouble;
}
