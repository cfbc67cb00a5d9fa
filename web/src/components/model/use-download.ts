import { useMutation } from "@tanstack/react-query";
import type { MouseEvent } from "react";
import { prepareExport } from "../../api/exports.ts";
import { downloadFile } from "./download-file.ts";

/**
 * A link's click asks for the file first, so that what keeps it from coming is said in the page and not only in the
 * browser's list of downloads; then it is saved.
 */
export function useDownload(url: string, name: string, onReady?: () => unknown) {
  const fetching = useMutation({
    mutationFn: () => prepareExport(url),
    onSuccess: () => {
      downloadFile(url, name);
      return onReady?.();
    },
  });
  const onClick = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!fetching.isPending) fetching.mutate();
  };
  return { ...fetching, onClick, retry: () => fetching.mutate() };
}
