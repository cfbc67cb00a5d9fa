import { useState } from "react";
import type { Maintenance } from "../../../../../server/contract/maintenance.ts";
import { Button } from "../../../components/button.tsx";
import { Field } from "../../../components/field.tsx";
import { Notice } from "../../../components/notice.tsx";
import { hasAccounts } from "../../../session/has-accounts.ts";
import account from "../../account/account.module.css";
import { AccountCard } from "../../account/account-card.tsx";
import { ConfirmDialog } from "../../webhooks/confirm-dialog.tsx";
import { useMaintenance, useMaintenanceSwitch } from "./control-queries.ts";
import { Loaded } from "./loaded.tsx";
import { useSystemI18n } from "./use-system-i18n.ts";

const MOST_CHARACTERS = 500;

function MaintenanceForm({ state }: { state: Maintenance }) {
  const { s } = useSystemI18n();
  const turn = useMaintenanceSwitch();
  const [message, setMessage] = useState(state.message ?? "");
  const [isAsking, setIsAsking] = useState(false);
  const send = (enabled: boolean) => turn.mutate({ enabled, message: message.trim() || null });
  const isChanged = message.trim() !== (state.message ?? "");
  return (
    <>
      {state.enabled && (
        <Notice tone="warn" title={s("maintenance.isOn")}>
          {s(hasAccounts ? "maintenance.isOnHint" : "maintenance.isOnHintLocal")}
        </Notice>
      )}
      <Field label={s("maintenance.message")} hint={s("maintenance.messageHint")}>
        {(control) => (
          <textarea
            {...control}
            className={`${control.className} sys-text`}
            rows={2}
            maxLength={MOST_CHARACTERS}
            value={message}
            onChange={(event) => setMessage(event.target.value)}
          />
        )}
      </Field>
      <div className={account.row}>
        {state.enabled ? (
          <>
            <Button variant="primary" onClick={() => send(false)} aria-disabled={turn.isPending}>
              {s("maintenance.end")}
            </Button>
            {isChanged && (
              <Button onClick={() => send(true)} aria-disabled={turn.isPending}>
                {s("maintenance.change")}
              </Button>
            )}
          </>
        ) : (
          <Button variant="danger" onClick={() => setIsAsking(true)} aria-disabled={turn.isPending}>
            {s("maintenance.start")}
          </Button>
        )}
      </div>
      {isAsking && (
        <ConfirmDialog
          title={s("maintenance.askTitle")}
          hint={s(hasAccounts ? "maintenance.askHint" : "maintenance.askHintLocal")}
          confirm={s("maintenance.startNow")}
          variant="danger"
          onClose={() => setIsAsking(false)}
          onConfirm={() => {
            setIsAsking(false);
            send(true);
          }}
        />
      )}
    </>
  );
}

/** Lets the product rest for everybody but administrators. */
export function MaintenanceCard() {
  const { s } = useSystemI18n();
  const maintenance = useMaintenance();
  return (
    <AccountCard heading={s("maintenance.heading")} lead={s("maintenance.lead")}>
      <Loaded query={maintenance} failed={s("maintenance.failed")}>
        {(state) => <MaintenanceForm key={String(state.enabled)} state={state} />}
      </Loaded>
    </AccountCard>
  );
}
