import { useQuery } from "@tanstack/react-query";
import { verifyEmail } from "../../api/account.ts";
import { ButtonLink } from "../../components/button.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { paths } from "../../paths.ts";
import { DoorCard } from "./door-card.tsx";
import { LinkFailure, LinkMissing } from "./link-problem.tsx";
import { useLinkToken } from "./link-token.ts";
import { useAccountI18n } from "./use-account-i18n.ts";

/** Confirms the address that a letter went to. */
function Verification({ token }: { token: string }) {
  const { a } = useAccountI18n();
  // A query, not a mutation: React may show this twice, and the link is good once.
  const { data, isPending, error, refetch } = useQuery({
    queryKey: ["verify", token],
    queryFn: () => verifyEmail(token),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (isPending) return <Spinner label={a("verify.loading")} />;
  return (
    <DoorCard page={a("verify.page")} heading={a(error ? "link.failed" : "verify.done")}>
      {data && <p>{data.email}</p>}
      {error && <LinkFailure error={error} onRetry={() => void refetch()} />}
      <ButtonLink href={paths.create} variant="primary">
        {a("verify.go")}
      </ButtonLink>
    </DoorCard>
  );
}

export default function VerifyPage() {
  const { a } = useAccountI18n();
  const token = useLinkToken();
  return token ? <Verification token={token} /> : <LinkMissing page={a("verify.page")} />;
}
