import net from "node:net";
import { isMainThread } from "node:worker_threads";

// Preloaded into a process by `foreground`: the parent holds the other end of this pipe and never writes, so its
// end means that the parent is gone. Workers and children inherit the preload, but not the parent.
const { SETUP_PARENT_PID: parent } = process.env;
if (isMainThread && parent === String(process.ppid)) {
  new net.Socket({ fd: 3, readable: true, writable: false })
    .on("end", () => process.kill(process.pid, "SIGTERM"))
    .on("error", () => {})
    .resume()
    .unref();
}
Reflect.deleteProperty(process.env, "SETUP_PARENT_PID");
