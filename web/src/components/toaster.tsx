import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useI18n } from "../i18n/use-i18n.ts";
import { buttonClass } from "./button.tsx";
import styles from "./toaster.module.css";
import { toasts } from "./toasts.ts";

/**
 * Base UI hides a pressing message, and each button that closes one, from screen readers until they have the focus, which
 * a keyboard gives them all the same; here they never are. A pressing one is read by an alert of its own: once.
 */
function ToastList() {
  const { t } = useI18n();
  const manager = Toast.useToastManager();
  return manager.toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className={styles.toast}
      swipeDirection={["right", "up", "down"]}
      aria-hidden={undefined}
      aria-live={toast.priority === "high" ? "off" : undefined}
    >
      <Toast.Content className={styles.content}>
        <div className={styles.text}>
          <Toast.Title className={styles.title} render={<p />} />
          <Toast.Description className={styles.description} />
        </div>
        <Toast.Action className={buttonClass("plain")} />
        <Toast.Close
          className={buttonClass("quiet", true)}
          aria-label={t("app.close")}
          aria-hidden={undefined}
        >
          <X size={18} aria-hidden="true" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}

/** The corner where `showToast` messages appear. */
export function Toaster() {
  const { t } = useI18n();
  return (
    <Toast.Provider toastManager={toasts} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className={styles.viewport} aria-label={t("app.messages")}>
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
