import { useCallback, useState } from "react";
import type { Hotspot, Viewpoint } from "../../../server/contract/viewing.ts";
import type { Vec3 } from "./box.ts";
import type { CameraLink } from "./camera-link.ts";
import { ErrorBoundary } from "./error-boundary.tsx";
import type { LengthUnit } from "./length-format.ts";
import type { ViewerPhoto } from "./use-photo-view.ts";
import styles from "./viewer.module.css";
import { ViewerBody } from "./viewer-body.tsx";
import { toViewerError, type ViewerError } from "./viewer-error.ts";
import type { ViewerOptions } from "./viewer-options.ts";
import { Failure } from "./viewer-status.tsx";

export type ViewerProps = {
  /** Address of a GLB of this site. */
  url: string;
  /** What is shown, for screen readers and file names. */
  label: string;
  /** Size of the file in bytes, where known: the progress needs it if the server doesn't tell. */
  bytes?: number;
  /** A file with the same shape and smaller textures, to be drawn first; it tells where in the other its full ones are. */
  preview?: { url: string; bytes?: number };
  /** A picture that stands in until the first frame, and where 3D is not possible. */
  poster?: string;
  photo?: ViewerPhoto;
  /** Unit for the dimensions until the visitor chooses one; by size where it is left out. */
  unit?: LengthUnit;
  /** Nobody measured the object: its sizes are shown with "≈". */
  sizeAssumed?: boolean;
  options?: Partial<ViewerOptions>;
  /** For small frames: the toolbar is there in full screen only. */
  compact?: boolean;
  hotspots?: readonly Hotspot[];
  /** Keeps all notes; without it they can be read only. */
  onSaveHotspots?: (hotspots: Hotspot[]) => Promise<void>;
  /** Keeps where the photo was taken from; without it the viewpoint can't be saved. */
  onSaveViewpoint?: (viewpoint: Viewpoint) => Promise<void>;
  /** Makes several viewers move together; a new one begins anew. */
  link?: CameraLink;
  /** Least extent in metres that the camera frames, so that several viewers have one scale. */
  frame?: Vec3;
  /** The first frame with the model is on the screen. */
  onReady?: () => void;
  onError?: (error: ViewerError) => void;
};

/** Shows a GLB: turn, zoom, measure, light, note. Whatever goes wrong stays inside. */
export default function Viewer(props: ViewerProps) {
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return (
    <ErrorBoundary
      key={attempt}
      onError={(error) => props.onError?.(toViewerError(error))}
      fallback={() => (
        <div className={styles.viewer}>
          <div className={styles.stage}>
            <Failure code="broken" url={props.url} onRetry={retry} />
          </div>
        </div>
      )}
    >
      <ViewerBody {...props} />
    </ErrorBoundary>
  );
}
