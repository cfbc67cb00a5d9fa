import { finished, type Readable, Transform } from "node:stream";

const SILENCE_MS = 30_000;

/**
 * The content of an answer. A way that breaks, or on which nothing comes for twice half a minute, is told as `refuse`
 * says it; a reader may take its time, and one that leaves gives the connection free.
 */
export function readBody(body: Readable, refuse: (error: unknown) => Error): Transform {
  let hasMoved = true;
  const out = new Transform({
    transform(chunk, _encoding, done) {
      hasMoved = true;
      done(null, chunk);
    },
  });
  const watch = setInterval(() => {
    // Where nothing is taken nothing can come.
    const isAlive = hasMoved || out.writableNeedDrain;
    hasMoved = out.writableNeedDrain;
    if (!isAlive)
      body.destroy(Object.assign(new Error("The content stopped coming."), { name: "TimeoutError" }));
  }, SILENCE_MS);
  finished(body, { writable: false }, (error) => {
    clearInterval(watch);
    if (error) out.destroy(refuse(error));
  });
  out.once("close", () => body.destroy());
  // Whoever has it may still be opening what it goes to, and is told when it reads; unheard it would end the process.
  out.on("error", () => undefined);
  return body.pipe(out);
}
