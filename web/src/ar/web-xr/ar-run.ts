import { Group, PerspectiveCamera, Vector3, WebGLRenderer } from "three";
import { loadModel } from "../../viewer/load-model.ts";
import { makeArScene } from "./ar-scene.ts";
import { stand, standingPoint } from "./placement.ts";

export type ArPhase = "search" | "tap" | "placed";

interface ArRun {
  session: XRSession;
  /** A GLB of this site at true size, metres. */
  url: string;
  onPhase: (phase: ArPhase) => void;
  /** Whether the last touch turned the model, so that it is no tap. */
  wasDrag: () => boolean;
}

/** What the overlay's gestures may do meanwhile. */
export interface ArControls {
  /** Turns the placed model about its own axis, radians. */
  turn(angle: number): void;
}

/** Shows the model in the running session until it ends. Rejects when the model or the session can't be had. */
export async function runAr({ session, url, onPhase, wasDrag }: ArRun): Promise<ArControls> {
  const ended = new AbortController();
  session.addEventListener("end", () => ended.abort());
  const model = await loadModel(url, { signal: ended.signal, onProgress: () => undefined });
  const renderer = new WebGLRenderer({ antialias: true, alpha: true });
  renderer.xr.enabled = true;
  renderer.xr.setReferenceSpaceType("local");
  await renderer.xr.setSession(session);
  const stage = new Group();
  const ar = makeArScene(renderer, model, stage);
  const viewerSpace = await session.requestReferenceSpace("viewer");
  const hits = await session.requestHitTestSource?.({ space: viewerSpace });
  const camera = new PerspectiveCamera();
  let spot: Vector3 | null = null;
  let phase: ArPhase | null = null;
  const enter = (next: ArPhase) => {
    if (phase !== next) onPhase(next);
    phase = next;
  };

  session.addEventListener("select", () => {
    if (!spot || wasDrag()) return;
    stand(stage, spot, new Vector3().setFromMatrixPosition(renderer.xr.getCamera().matrixWorld));
    stage.visible = true;
    enter("placed");
  });
  renderer.setAnimationLoop((_time, frame?: XRFrame) => {
    // three also calls from the window's own frames, which see nothing of the room.
    if (!frame) return;
    const space = renderer.xr.getReferenceSpace();
    const pose = hits && space && frame.getHitTestResults(hits)[0]?.getPose(space);
    spot = pose ? standingPoint(pose.transform.matrix) : null;
    ar.ring.visible = spot !== null && !stage.visible;
    if (spot) ar.ring.position.copy(spot);
    if (!stage.visible) enter(spot ? "tap" : "search");
    renderer.render(ar.scene, camera);
  });
  session.addEventListener("end", () => {
    renderer.setAnimationLoop(null);
    hits?.cancel();
    ar.dispose();
    model.dispose();
    renderer.dispose();
  });
  return {
    turn(angle) {
      stage.rotation.y += angle;
    },
  };
}
