import { useEffect, useRef } from "react";
import { Button } from "../../components/button.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "./gallery.module.css";

interface LoadMoreProps {
  loading: boolean;
  onLoad: () => void;
}

/** Loads the next page when it comes into view; a button for everyone who does not scroll. */
export function LoadMore({ loading, onLoad }: LoadMoreProps) {
  const { t } = useI18n();
  const place = useRef<HTMLDivElement>(null);
  const load = useRef(onLoad);
  load.current = onLoad;

  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry.isIntersecting && load.current(), {
      rootMargin: "400px",
    });
    if (place.current && !loading) observer.observe(place.current);
    return () => observer.disconnect();
  }, [loading]);

  return (
    <div ref={place} className={styles.more}>
      <Button onClick={onLoad} disabled={loading}>
        {loading ? t("gallery.loadingMore") : t("gallery.loadMore")}
      </Button>
    </div>
  );
}
