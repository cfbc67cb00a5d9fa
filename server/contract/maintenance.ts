import { z } from "zod";
import { Text } from "./common.ts";

const Message = Text.max(500);

/** Whether the product rests: nothing can be changed except by administrators, reading goes on. */
export const Maintenance = z
  .object({
    enabled: z.boolean(),
    message: z.string().nullable().meta({ description: "What people are told; null: the usual words" }),
  })
  .meta({ id: "Maintenance" });
export type Maintenance = z.infer<typeof Maintenance>;

export const SetMaintenance = z
  .strictObject({
    enabled: z.boolean(),
    message: Message.nullish()
      .transform((text) => text || null)
      .meta({ description: "At most 500 characters; without it people read the usual words" }),
  })
  .meta({ id: "SetMaintenance" });

/** What everybody may know of it, for the page's notice; null while the product works as usual. */
export const MaintenanceNotice = z
  .object({ message: z.string().nullable() })
  .nullable()
  .meta({ description: "Nothing can be changed for now; null: the product works as usual" });
export type MaintenanceNotice = z.infer<typeof MaintenanceNotice>;
