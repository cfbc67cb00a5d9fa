import fs from "node:fs";

/** Which of some processes has the client's end of a loopback connection; null where none or not on Linux. */
export function socketOwner(port: number, pids: readonly number[]): number | null {
  const inode = inodeOf(port);
  if (!inode) return null;
  return pids.find((pid) => holds(pid, `socket:[${inode}]`)) ?? null;
}

function inodeOf(port: number): string | null {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (const line of readText("/proc/net/tcp").split("\n").slice(1)) {
    const columns = line.trim().split(/\s+/);
    if (columns[1]?.endsWith(suffix) && columns[9] !== "0") return columns[9];
  }
  return null;
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function holds(pid: number, link: string): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return fs.readdirSync(folder).some((name) => {
      try {
        return fs.readlinkSync(`${folder}/${name}`) === link;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}
