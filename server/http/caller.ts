import type { Request } from "express";
import { LOCAL_USER_ID } from "../models/user.ts";

/** Who makes a request. */
export interface Caller {
  userId: string;
}

/** Without accounts every request is the local user's. */
export const callerOf = (_request: Request): Caller => ({ userId: LOCAL_USER_ID });
