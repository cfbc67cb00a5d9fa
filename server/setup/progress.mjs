const REPORT_EVERY_MS = 10_000;

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** One line for people. */
export const say = (text) => process.stdout.write(`${text}\n`);

/**
 * Runs `work(update)` under a title and shows how long it takes: a living line on a terminal, a line every ten
 * seconds elsewhere. `update(detail)` says what is going on. Passes on what `work` returns or throws.
 */
export async function step(title, work) {
  const started = Date.now();
  const living = process.stdout.isTTY;
  let detail = "";
  const line = () => `${title}: ${detail ? `${detail}, ` : ""}${seconds(started)}`;
  if (!living) say(`${title} …`);
  const timer = setInterval(
    () => {
      if (living) process.stdout.write(`\r\x1b[K${line()}`.slice(0, process.stdout.columns + 4));
      else say(line());
    },
    living ? 200 : REPORT_EVERY_MS,
  );
  let outcome = "failed";
  try {
    const result = await work((text) => {
      detail = text;
    });
    outcome = "done";
    return result;
  } finally {
    clearInterval(timer);
    if (living) process.stdout.write("\r\x1b[K");
    say(`${title}: ${outcome} in ${seconds(started)}`);
  }
}
