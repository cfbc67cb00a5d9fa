import type { Shared } from "../../../server/contract/share.ts";

/** What the server wrote into the page; where it wrote nothing, the same is asked for. */
export async function readShared(): Promise<Shared | "gone" | "offline"> {
  const written = JSON.parse(document.getElementById("share-data")?.textContent ?? "null") as Shared | null;
  if (written) return written;
  const path = location.pathname.replace(/\/(embed\/?)?$/, "");
  try {
    const response = await fetch(`${path}/share.json`);
    if (response.ok) return (await response.json()) as Shared;
    return response.status < 500 ? "gone" : "offline";
  } catch {
    return "offline";
  }
}
