import fs from "node:fs";

/** Resident memory of a process, bytes; null where the system does not tell (no /proc) or the process is gone. */
export function residentBytes(pid: number | undefined): number | null {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(status);
    return match === null ? null : Number(match[1]) * 1024;
  } catch {
    return null;
  }
}
