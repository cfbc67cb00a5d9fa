import { SearchX } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Field } from "../../components/field.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { useDebounced } from "../../hooks/use-debounced.ts";
import { useMe } from "../../session/use-me.ts";
import styles from "../account/account.module.css";
import { AccountCard } from "../account/account-card.tsx";
import { useUsers } from "./admin-queries.ts";
import { MemberItem } from "./member-item.tsx";
import { useAdminI18n } from "./use-admin-i18n.ts";

const SETTLE_MS = 300;

function MemberList({ q }: { q: string }) {
  const { d } = useAdminI18n();
  const { data: me } = useMe();
  const list = useUsers(q);
  if (list.isPending) return <Spinner label={d("users.loading")} />;
  if (!list.data) {
    return (
      <ErrorNotice error={list.error} title={d("users.loadFailed")} onRetry={() => void list.refetch()} />
    );
  }
  const members = list.data.pages.flatMap(({ items }) => items);
  if (members.length === 0) {
    return (
      <EmptyState
        icon={<SearchX size={40} aria-hidden="true" />}
        title={d("users.none")}
        hint={d("users.noneHint")}
      />
    );
  }
  return (
    <>
      <ul className={styles.items} aria-label={d("users.list")}>
        {members.map((member) => (
          <MemberItem key={member.id} member={member} isSelf={member.id === me?.id} />
        ))}
      </ul>
      {list.hasNextPage && (
        <div>
          <Button aria-disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {d("users.more")}
          </Button>
        </div>
      )}
    </>
  );
}

/** Everyone who has an account. */
export function MembersCard() {
  const { d } = useAdminI18n();
  const [text, setText] = useState("");
  const q = useDebounced(text.trim(), SETTLE_MS);
  return (
    <AccountCard heading={d("users.members")} lead={d("users.membersLead")}>
      <search>
        <Field label={d("users.search")} hint={d("users.searchHint")}>
          {(control) => (
            <input
              {...control}
              type="search"
              maxLength={200}
              autoComplete="off"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      </search>
      <MemberList q={q} />
    </AccountCard>
  );
}
