import type { Owner, Relation } from "../contract/access.ts";
import { AppError } from "../errors.ts";
import { mayCall } from "./access.ts";
import type { Caller } from "./caller.ts";

/** What a policy has to know of a record. */
export interface Owned {
  userId: string;
  visibility?: "private" | "team";
  /** In the trash: what was shared with the team is its owner's again. */
  deletedAt?: Date | null;
}

/** An administrator, by a credential that has all of the rights. */
const isAdministrator = (caller: Caller) => mayCall("admin", caller);

/** Whether a caller is this to a record. Whether it may read or write at all is its route's question. */
export function isTo(relation: Relation, caller: Caller, record: Owned): boolean {
  if (record.userId === caller.userId) return true;
  if (relation === "own") return false;
  if (isAdministrator(caller)) return true;
  return relation === "see" && record.visibility === "team" && !record.deletedAt;
}

/** Whether a caller may change a record that is the owner's and administrators' to change. */
export const mayChange = (caller: Caller, record: Owned) =>
  mayCall("write", caller) && isTo("manage", caller, record);

/**
 * The record, where it is there and the caller may have it.
 * @throws AppError `not-found` alike for what is not there and what must not be seen; `not-allowed` for what is seen
 */
export function permitted<R extends Owned>(relation: Relation, caller: Caller, record: R | null): R {
  if (!record) throw new AppError("not-found");
  if (isTo(relation, caller, record)) return record;
  throw new AppError(isTo("see", caller, record) ? "not-allowed" : "not-found");
}

/**
 * Whose records a list shows. Without sign-in there is nobody else, so everything.
 * @throws AppError `not-allowed` where others than administrators ask for everybody's
 */
export function ownerAsked(caller: Caller, asked: Owner | undefined): Owner {
  const owner = asked ?? (caller.via === "local" ? "all" : "me");
  if (owner === "all" && !isAdministrator(caller)) throw new AppError("not-allowed");
  return owner;
}
