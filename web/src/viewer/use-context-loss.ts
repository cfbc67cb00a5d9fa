import { useCallback, useEffect, useState } from "react";
import { ViewerError } from "./viewer-error.ts";

/** How long the graphics card may take to come back before the visitor is asked to try again. */
const PATIENCE_MS = 6000;

/**
 * Waits for a lost graphics card. `generation` grows each time it came back: what was computed on it is to be made
 * again.
 */
export function useContextLoss(onGiveUp: (error: ViewerError) => void) {
  const [lost, setLost] = useState(false);
  const [generation, setGeneration] = useState(0);
  const onContext = useCallback((isLost: boolean) => {
    setLost(isLost);
    if (!isLost) setGeneration((count) => count + 1);
  }, []);

  useEffect(() => {
    if (!lost) return;
    const timer = setTimeout(() => {
      setLost(false);
      onGiveUp(new ViewerError("context-lost"));
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [lost, onGiveUp]);

  return { lost, generation, onContext };
}
