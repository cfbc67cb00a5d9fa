import { signOut, signOutEverywhere } from "../api/account.ts";
import { ApiError } from "../api/api-error.ts";
import { endSession } from "./session-changes.ts";

/** Signs out here, or on all devices. @throws ApiError where the server could not be told */
export async function leave(where: "here" | "everywhere"): Promise<void> {
  try {
    await (where === "here" ? signOut() : signOutEverywhere());
  } catch (error) {
    // Whoever is no longer signed in has nothing to end.
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  }
  endSession(where === "here" ? "left" : "everywhere");
}
