import { useCallback } from "react";
import type { Generation } from "../../../server/contract/generation.ts";
import { isRunning } from "../api/generation-cache.ts";
import { showToast } from "../components/toasts.ts";
import { translator } from "../i18n/use-i18n.ts";
import { paths } from "../paths.ts";
import { useNavigate } from "./use-navigate.ts";

/** Tells the visitor, on whatever view, that a model is ready; the view of that generation says it by itself. */
export function useAnnounceFinished() {
  const navigate = useNavigate();
  return useCallback(
    (generation: Generation, before?: Generation) => {
      const { modelId } = generation;
      if (!before || !isRunning(before) || generation.status !== "succeeded" || !modelId) return;
      if (window.location.pathname === paths.generation(generation.id)) return;
      const t = translator();
      showToast({
        title: generation.name,
        description: t("generation.ready"),
        action: { label: t("gallery.open"), onClick: () => navigate(paths.model(modelId)) },
      });
    },
    [navigate],
  );
}
