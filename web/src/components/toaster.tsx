import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useI18n } from "../i18n/use-i18n.ts";
import { buttonClass } from "./button.tsx";
import styles from "./toaster.module.css";
import { toasts } from "./toasts.ts";

function ToastList() {
  const { t } = useI18n();
  const manager = Toast.useToastManager();
  return manager.toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className={styles.toast}
      swipeDirection={["right", "up", "down"]}
    >
      <Toast.Content className={styles.content}>
        <div className={styles.text}>
          <Toast.Title className={styles.title} render={<p />} />
          <Toast.Description className={styles.description} />
        </div>
        <Toast.Action className={buttonClass("plain")} />
        <Toast.Close className={buttonClass("quiet", true)} aria-label={t("app.close")}>
          <X size={18} aria-hidden="true" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}

/** The corner where `showToast` messages appear. */
export function Toaster() {
  return (
    <Toast.Provider toastManager={toasts} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className={styles.viewport}>
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
