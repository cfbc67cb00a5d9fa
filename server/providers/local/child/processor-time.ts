import fs from "node:fs";

/** Linux tells times in these steps, whatever the kernel was built with (USER_HZ). */
const TICKS_PER_SECOND = 100;
/** Of what follows the program's name: user and system time of all threads (proc_pid_stat(5), fields 14 and 15). */
const USER_FIELD = 11;
const SYSTEM_FIELD = 12;

/** What a process and its threads have computed so far, seconds; null where the system does not tell (no /proc). */
export function processorSeconds(pid: number | undefined): number | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name stands in brackets and may hold any character.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[USER_FIELD]) + Number(fields[SYSTEM_FIELD])) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}
