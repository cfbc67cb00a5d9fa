import type { Transaction } from "sequelize";
import { v7 as newId } from "uuid";
import type { AuditAction } from "../contract/audit-actions.ts";
import type { Records } from "../models/records.ts";
import type { Caller } from "../policies/caller.ts";
import { redact } from "../redact.ts";

/** Who did something, and from where; `caller` null: nobody that is known, such as before a sign-in. */
export interface Actor {
  caller: Caller | null;
  requestId: string | null;
  address: string | null;
  userAgent: string | null;
}

/** A caller whom a route let in. */
export interface MemberActor extends Actor {
  caller: Caller;
}

/** What the server does by itself. */
export const SERVER: Actor = Object.freeze({ caller: null, requestId: null, address: null, userAgent: null });

/**
 * Puts a deed on record, at the time of the database's clock. With a `transaction` the deed and its record stand or
 * fall together. `details` are short facts for people and never a secret: values of tell-tale names are hidden.
 */
export async function audit(
  { AuditEntry }: Records,
  { action, subjectId = null, details = {}, by }: AuditedDeed,
  transaction?: Transaction,
): Promise<void> {
  const { caller, ...origin } = by;
  await AuditEntry.create(
    {
      id: newId(),
      action,
      subjectId,
      details: redact(details) as Record<string, unknown>,
      actorId: caller?.userId ?? null,
      actorName: caller?.name ?? null,
      via: caller?.via ?? null,
      apiKeyId: caller?.apiKeyId ?? null,
      ...origin,
    },
    { transaction },
  );
}

interface AuditedDeed {
  action: AuditAction;
  /** Id of what it was done to. */
  subjectId?: string | null;
  details?: Record<string, unknown>;
  by: Actor;
}
