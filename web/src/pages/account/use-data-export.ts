import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { downloadData } from "./download-data.ts";

/** The download of everything of the person: begun, followed, stopped. */
export function useDataExport() {
  const abort = useRef<AbortController>(null);
  const [bytes, setBytes] = useState(0);
  const mutation = useMutation({
    mutationFn: () => {
      setBytes(0);
      abort.current = new AbortController();
      return downloadData({ signal: abort.current.signal, onProgress: setBytes });
    },
  });
  useEffect(() => () => abort.current?.abort(), []);
  const wasStopped = mutation.error instanceof DOMException && mutation.error.name === "AbortError";
  return {
    start: () => mutation.mutate(),
    stop: () => abort.current?.abort(),
    isRunning: mutation.isPending,
    /** So far, or of all once it is done. */
    bytes: mutation.data ?? bytes,
    isDone: mutation.isSuccess,
    error: wasStopped ? null : mutation.error,
  };
}
