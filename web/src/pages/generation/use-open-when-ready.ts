import { useEffect, useRef } from "react";
import type { Generation } from "../../../../server/contract/generation.ts";
import { isRunning } from "../../api/generation-cache.ts";
import { useNavigate } from "../../hooks/use-navigate.ts";
import { paths } from "../../paths.ts";

/** Goes on to the model as soon as it is ready, for someone who was watching; a later visit stays on this view. */
export function useOpenWhenReady(generation: Generation | undefined): void {
  const navigate = useNavigate();
  const watched = useRef(false);
  useEffect(() => {
    if (!generation) return;
    if (isRunning(generation)) watched.current = true;
    else if (watched.current && generation.modelId)
      navigate(paths.model(generation.modelId), { replace: true });
  }, [generation, navigate]);
}
