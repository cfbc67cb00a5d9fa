import type { ApiKeyWithText } from "../../../../server/contract/api-key.ts";
import { API } from "../../api/client.ts";
import { CopyText } from "../account/copy-text.tsx";
import { OnceDialog } from "../account/once-dialog.tsx";
import webhooks from "../webhooks/webhooks.module.css";
import { useKeysI18n } from "./use-keys-i18n.ts";

/** A new key, the only time that it can be seen, with a command that tries it. */
export function ApiKeyDialog({ made, onClose }: { made: ApiKeyWithText; onClose: () => void }) {
  const { k } = useKeysI18n();
  const canRead = made.scopes.includes("read");
  const example = `curl -H "Authorization: Bearer ${made.key}" ${window.location.origin}${API}/models`;
  return (
    <OnceDialog
      title={k("made.title", { name: made.name })}
      hint={k("made.hint")}
      label={k("made.label")}
      text={made.key}
      copy={k("made.copy")}
      onClose={onClose}
    >
      {canRead && (
        <details>
          <summary>{k("made.try")}</summary>
          <p className={webhooks.quiet}>{k("made.tryHint")}</p>
          <pre className={webhooks.text}>{example}</pre>
          <CopyText text={example} label={k("made.copyTry")} />
        </details>
      )}
    </OnceDialog>
  );
}
