import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { AuthState } from "../../../server/contract/account.ts";
import { ApiError } from "../api/api-error.ts";
import { API, request } from "../api/client.ts";
import { createDictionary } from "../i18n/dictionary.ts";
import { maintenanceEn } from "../locales/maintenance-en.ts";
import { maintenanceRu } from "../locales/maintenance-ru.ts";
import styles from "./offline-banner.module.css";

const { useWords } = createDictionary<typeof maintenanceEn>(maintenanceEn, maintenanceRu);

const STATE = ["auth-state"];
const LOOK_EVERY_MS = 60_000;

/**
 * Tells everybody, signed in or not, that nothing can be changed for now, with the administrators' own words where
 * they gave some. Also looks at once when a change was refused for it.
 */
export default function MaintenanceBanner() {
  const { t } = useWords();
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: STATE,
    // Not by api/account.ts: that would bring the code of several views along.
    queryFn: ({ signal }) => request<AuthState>(`${API}/auth/state`, { signal }),
    refetchInterval: LOOK_EVERY_MS,
    retry: false,
  });
  useEffect(
    () =>
      client.getMutationCache().subscribe(({ type, mutation }) => {
        const error = type === "updated" ? mutation.state.error : null;
        if (error instanceof ApiError && error.code === "maintenance") {
          void client.invalidateQueries({ queryKey: STATE });
        }
      }),
    [client],
  );
  const notice = data?.maintenance;
  return <div role="status">{notice && <p className={styles.banner}>{notice.message ?? t("title")}</p>}</div>;
}
