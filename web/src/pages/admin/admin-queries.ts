import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  createInvitation,
  createResetLink,
  deleteUser,
  listInvitations,
  listUsers,
  type Member,
  revokeInvitation,
  updateUser,
} from "../../api/admin.ts";
import { describeError } from "../../components/describe-error.ts";
import { showToast } from "../../components/toasts.ts";
import { translator } from "../../i18n/use-i18n.ts";
import { ME_KEY } from "../../session/use-me.ts";
import { adminTranslator } from "./use-admin-i18n.ts";

const USERS = ["users"];
const INVITATIONS = ["invitations"];

/** What a person is called. */
export const nameOf = ({ name, email }: Pick<Member, "name" | "email">): string => name || email;

function showFailure(error: unknown): void {
  const { title, hint } = describeError(error, translator());
  showToast({ title: `${adminTranslator()("failed")}: ${title}`, description: hint, tone: "error" });
}

/** Members whose name or address has `q` in it, a page at a time. */
export const useUsers = (q: string) =>
  useInfiniteQuery({
    queryKey: [...USERS, q],
    queryFn: ({ pageParam, signal }) => listUsers({ q, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

/** What can be done with members. Forms show their own errors; the rest says them in passing. */
export function useUserActions() {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all([USERS, ME_KEY].map((queryKey) => client.invalidateQueries({ queryKey })));
  const setRole = useMutation({
    mutationFn: ({ member, role }: { member: Member; role: Member["role"] }) =>
      updateUser(member.id, { role }),
    onSuccess: refresh,
  });
  const setOff = useMutation({
    mutationFn: ({ member, disabled }: { member: Member; disabled: boolean }) =>
      updateUser(member.id, { disabled }),
    onSuccess: (_, { member, disabled }) => {
      const name = nameOf(member);
      showToast({ title: adminTranslator()(disabled ? "off.done" : "off.onDone", { name }) });
      return refresh();
    },
    onError: showFailure,
  });
  const remove = useMutation({
    mutationFn: ({ id }: Member) => deleteUser(id),
    onSuccess: (_, { email }) => {
      showToast({ title: adminTranslator()("remove.done", { email }) });
      return refresh();
    },
  });
  const makeLink = useMutation({ mutationFn: ({ id }: Member) => createResetLink(id), onError: showFailure });
  return { setRole, setOff, remove, makeLink };
}

/** All invitations, the newest first, a page at a time. */
export const useInvitations = () =>
  useInfiniteQuery({
    queryKey: INVITATIONS,
    queryFn: ({ pageParam, signal }) => listInvitations(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

/** Makes invitations and revokes them. */
export function useInvitationActions() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: INVITATIONS });
  const create = useMutation({ mutationFn: createInvitation, onSuccess: refresh });
  const revoke = useMutation({
    mutationFn: revokeInvitation,
    onSuccess: () => {
      showToast({ title: adminTranslator()("invitations.revokeDone") });
      return refresh();
    },
    onError: showFailure,
  });
  return { create, revoke };
}
