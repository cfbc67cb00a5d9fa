import { useState } from "react";
import type { ExportView } from "../../../server/contract/model.ts";
import styles from "./turntable.module.css";

/** The model turning once around and again, over its still picture once it has come. */
export default function Turntable({ file }: { file: ExportView }) {
  const [ready, setReady] = useState(false);
  return (
    <img
      className={styles.turntable}
      data-ready={ready || undefined}
      src={file.url}
      alt=""
      decoding="async"
      onLoad={() => setReady(true)}
    />
  );
}
