import { execFileSync } from "node:child_process";
import fs from "node:fs";

/** proc(5): fields of /proc/PID/stat after the name, counted from zero, in clock ticks. */
const USER_TIME = 11;
const SYSTEM_TIME = 12;
const TICKS_PER_SECOND = 100;

/** Resident memory of a process, bytes; worker threads are part of it, other processes are not. */
export function residentBytes(pid: number): number {
  if (process.platform === "linux") {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kilobytes) * 1024;
  }
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) * 1024;
}

/** Watches a process; `stop` answers the most it held, bytes. */
export function watchMemory(pid: number, everyMs = 50): { stop(): number } {
  let peak = residentBytes(pid);
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBytes(pid));
  }, everyMs);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(peak, residentBytes(pid));
    },
  };
}

/** Ids of the process and of all that it started, itself first; elsewhere than on Linux itself alone. */
export function family(pid: number): number[] {
  if (process.platform !== "linux") return [pid];
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
  return [pid, ...children.flatMap((child) => family(Number(child)))];
}

/** CPU time that a process and those that it started have used so far, seconds. */
export const familyCpuSeconds = (pid: number): number =>
  family(pid).reduce((sum, member) => sum + cpuSeconds(member), 0);

/** CPU time that a process with all its threads has used so far, seconds. */
export function cpuSeconds(pid: number): number {
  if (process.platform === "linux") {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) / TICKS_PER_SECOND;
  }
  const shown = execFileSync("ps", ["-o", "time=", "-p", String(pid)], { encoding: "utf8" });
  return shown.split(":").reduce((total, part) => total * 60 + Number(part), 0);
}
