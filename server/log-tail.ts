import Transport from "winston-transport";

/** In a line for machines; `details` are in it by their own names. */
export interface LoggedLine extends Record<string, unknown> {
  timestamp: string;
  level: string;
  message: string;
}

interface Wanted {
  lines: number;
  /** These alone; all where absent. */
  levels?: ReadonlySet<string>;
  /** A text anywhere in the line, in any case. */
  q?: string;
}

const MESSAGE = Symbol.for("message");
const MOST_LINES = 5000;
/** Of all lines together, UTF-16 units. */
const MOST_TEXT = 4 * 1024 ** 2;
/** A longer line would push out what people look for. */
const LONGEST_LINE = 32 * 1024;
const LONGEST_MESSAGE = 8 * 1024;

const shortened = ({ timestamp, level, message, requestId, generationId, userId, job }: LoggedLine) => {
  const text = `${message.slice(0, LONGEST_MESSAGE)} […]`;
  return JSON.stringify({ timestamp, level, message: text, requestId, generationId, userId, job });
};

/** The newest lines of a log, in memory: so many, and so much text, at most. They are as the log's JSON has them. */
export class LogTail extends Transport {
  #lines: string[] = [];
  #text = 0;
  /** Those before it are gone; they are cut off now and then. */
  #first = 0;

  override log(info: LoggedLine & { [MESSAGE]: string }, next: () => void): void {
    this.#keep(info[MESSAGE].length > LONGEST_LINE ? shortened(info) : info[MESSAGE]);
    next();
  }

  #keep(line: string): void {
    this.#lines.push(line);
    this.#text += line.length;
    while (this.#lines.length - this.#first > MOST_LINES || this.#text > MOST_TEXT) {
      this.#text -= this.#lines[this.#first].length;
      this.#lines[this.#first++] = "";
    }
    if (this.#first < MOST_LINES) return;
    this.#lines = this.#lines.slice(this.#first);
    this.#first = 0;
  }

  /** The newest first. */
  newest({ lines, levels, q }: Wanted): LoggedLine[] {
    const found: LoggedLine[] = [];
    // As it stands in JSON.
    const text = q && JSON.stringify(q).slice(1, -1).toLowerCase();
    for (let at = this.#lines.length - 1; at >= this.#first && found.length < lines; at--) {
      if (text && !this.#lines[at].toLowerCase().includes(text)) continue;
      const line = JSON.parse(this.#lines[at]) as LoggedLine;
      if (!levels || levels.has(line.level)) found.push(line);
    }
    return found;
  }
}
