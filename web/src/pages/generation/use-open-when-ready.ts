import { useEffect, useRef } from "react";
import type { Generation } from "../../../../server/contract/generation.ts";
import { useNavigate } from "../../hooks/use-navigate.ts";
import { paths } from "../../paths.ts";

/** Goes on to the model as soon as it is ready, for someone who was watching; a later visit stays on this view. */
export function useOpenWhenReady(generation: Generation | undefined): void {
  const navigate = useNavigate();
  const watched = useRef(false);
  useEffect(() => {
    if (!generation) return;
    // Not only while it runs: news of a busy moment comes all at once, and the last of it counts.
    if (generation.status !== "succeeded") watched.current = true;
    else if (watched.current && generation.modelId)
      navigate(paths.model(generation.modelId), { replace: true });
  }, [generation, navigate]);
}
