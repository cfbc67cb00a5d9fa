import { Toast } from "@base-ui/react/toast";

/** Short messages that come and go by themselves; add one from anywhere. */
export const toasts = Toast.createToastManager();

interface ToastOptions {
  title: string;
  description?: string;
  tone?: "plain" | "error";
  action?: { label: string; onClick: () => void };
}

const SHORT_MS = 5_000;
const LONG_MS = 10_000;

/** Shows a message; one with an action or of an error stays longer. */
export function showToast({ title, description, tone = "plain", action }: ToastOptions): void {
  const id = toasts.add({
    title,
    description,
    type: tone,
    priority: tone === "error" ? "high" : "low",
    timeout: action || tone === "error" ? LONG_MS : SHORT_MS,
    ...(action && {
      actionProps: {
        children: action.label,
        onClick: () => {
          action.onClick();
          toasts.close(id);
        },
      },
    }),
  });
}
