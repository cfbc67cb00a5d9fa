import { z } from "zod";
import { ROLES } from "./access.ts";
import { Email } from "./account.ts";
import { Id, pageOf, Time } from "./common.ts";

/** A link by which one person makes an account. */
export const Invitation = z
  .object({
    id: Id,
    email: z.string().nullable().meta({ description: "Only for this address" }),
    role: z.enum(ROLES),
    state: z.enum(["open", "used", "revoked", "expired"]),
    createdBy: z.string().nullable().meta({ description: "Who invited: name or e-mail address" }),
    usedBy: z.string().nullable().meta({ description: "Who came: name or e-mail address" }),
    createdAt: Time,
    expiresAt: Time,
    usedAt: Time.nullable(),
  })
  .meta({ id: "Invitation" });
export type Invitation = z.infer<typeof Invitation>;

export const InvitationPage = pageOf(Invitation).meta({ id: "InvitationPage" });

export const CreateInvitation = z
  .strictObject({
    email: Email.nullable().default(null),
    role: z.enum(ROLES).default("user"),
  })
  .meta({ id: "CreateInvitation" });

/** `url` is shown this once; with an address and a mail server it is sent there too. */
export const CreatedInvitation = Invitation.extend({ url: z.string(), mailed: z.boolean() }).meta({
  id: "CreatedInvitation",
});
export type CreatedInvitation = z.infer<typeof CreatedInvitation>;

/** What whoever holds the link may know. */
export const InvitationOffer = z
  .object({ email: z.string().nullable(), role: z.enum(ROLES), expiresAt: Time })
  .meta({ id: "InvitationOffer" });
export type InvitationOffer = z.infer<typeof InvitationOffer>;
