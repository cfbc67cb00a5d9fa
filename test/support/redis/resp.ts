import type { Socket } from "node:net";

/** Calls back with each command of a client: an array of bulk strings. Source: redis.io, RESP protocol specification */
export function readCommands(socket: Socket, onCommand: (command: string[]) => void): void {
  // One character a byte, so that lengths are right.
  let rest = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    rest += chunk;
    for (let read = readCommand(rest); read; read = readCommand(rest)) {
      rest = rest.slice(read.length);
      onCommand(read.command);
    }
  });
}

/** Null where it has not come as a whole. */
function readCommand(text: string): { command: string[]; length: number } | null {
  let at = 0;
  function readNumber(mark: string): number | null {
    const end = text.indexOf("\r\n", at);
    if (end < 0) return null;
    if (text[at] !== mark) throw new Error(`Expected ${mark}, not ${text.slice(at, end)}`);
    const number = Number(text.slice(at + 1, end));
    at = end + 2;
    return number;
  }
  const count = readNumber("*");
  if (count === null) return null;
  const command: string[] = [];
  while (command.length < count) {
    const bytes = readNumber("$");
    if (bytes === null || text.length < at + bytes + 2) return null;
    command.push(Buffer.from(text.slice(at, at + bytes), "latin1").toString());
    at += bytes + 2;
  }
  return { command, length: at };
}
