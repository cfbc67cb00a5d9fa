import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Generation } from "../../../../server/contract/generation.ts";
import type { ProviderId } from "../../../../server/contract/provider.ts";
import { resumeProvider } from "../../api/providers.ts";
import { queryKeys } from "../../api/query-keys.ts";
import { translator } from "../../i18n/use-i18n.ts";
import { Button } from "../button.tsx";
import { describeError } from "../describe-error.ts";
import { Notice } from "../notice.tsx";
import { showToast } from "../toasts.ts";
import { moneyTranslator, useMoneyI18n } from "./use-money-i18n.ts";

/** What a person can put right: then nobody has to wait for the next try. */
const MENDABLE = ["provider-balance", "provider-unauthorized"];

interface PauseNoticeProps {
  provider: ProviderId;
  pause: NonNullable<Generation["pause"]>;
  /** What that means here. */
  small: string;
  children?: ReactNode;
}

/** Why the work stands still, and a button for someone who has put it right. */
export function PauseNotice({ provider, pause, small, children }: PauseNoticeProps) {
  const { m } = useMoneyI18n();
  const client = useQueryClient();
  const resume = useMutation({
    mutationFn: () => resumeProvider(provider),
    onSuccess: () => showToast({ title: moneyTranslator()("resumed") }),
    onError: (error) => {
      const { title, hint } = describeError(error, translator());
      showToast({ title, description: hint, tone: "error" });
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: queryKeys.providers }),
        client.invalidateQueries({ queryKey: queryKeys.generations }),
      ]),
  });
  return (
    <Notice
      tone="warn"
      role="status"
      title={pause.message}
      small={small}
      actions={
        MENDABLE.includes(pause.code) && (
          <Button disabled={resume.isPending} onClick={() => resume.mutate()}>
            {m(resume.isPending ? "resuming" : "resume")}
          </Button>
        )
      }
    >
      {pause.suggestion}
      {children}
    </Notice>
  );
}
