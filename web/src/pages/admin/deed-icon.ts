import {
  Bell,
  Box,
  Coins,
  DatabaseBackup,
  Download,
  KeyRound,
  Link2,
  LogIn,
  type LucideIcon,
  Mail,
  Play,
  ScrollText,
  Server,
  ShieldAlert,
  UserRound,
  Wrench,
} from "lucide-react";

const ICONS: Readonly<Record<string, LucideIcon>> = {
  auth: LogIn,
  user: UserRound,
  invitation: Mail,
  "api-key": KeyRound,
  "provider-key": KeyRound,
  model: Box,
  share: Link2,
  generation: Coins,
  provider: Play,
  webhook: Bell,
  backup: DatabaseBackup,
  data: Download,
  maintenance: Wrench,
  system: Server,
};

const ALARMING = new Set(["auth.sign-in-failed", "auth.refresh-reused"]);

/** Whether somebody should look at it. */
export const isAlarming = (action: string): boolean => ALARMING.has(action);

/** The picture that goes with a deed. */
export const deedIcon = (action: string): LucideIcon =>
  isAlarming(action) ? ShieldAlert : (ICONS[action.split(".")[0]] ?? ScrollText);
