import fs from "node:fs";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../../..");

/** A piece of a page and the line it begins in, counted from 1. */
export interface Piece {
  line: number;
  text: string;
}

/** A Markdown page of the repository, taken apart. */
export interface Page {
  /** From the root, such as `docs/api.md`. */
  name: string;
  /** Without the number signs; `level` is their number. */
  headings: (Piece & { level: number })[];
  /** Text between single backticks, outside of blocks. */
  spans: Piece[];
  blocks: (Piece & { language: string })[];
  /** Of links and pictures, as they are written. */
  links: Piece[];
  /** Number of rows of each table. */
  tables: number[];
}

const FENCE = /^\s*```(\w*)/;

export function readPage(name: string): Page {
  return takeApart(name, fs.readFileSync(path.join(ROOT, name), "utf8"));
}

export function takeApart(name: string, source: string): Page {
  const page: Page = { name, headings: [], spans: [], blocks: [], links: [], tables: [] };
  let block: Page["blocks"][number] | null = null;
  let isInTable = false;
  for (const [index, text] of source.split("\n").entries()) {
    const line = index + 1;
    const fence = FENCE.exec(text);
    if (fence && block) {
      page.blocks.push(block);
      block = null;
      continue;
    }
    if (fence) {
      block = { line: line + 1, text: "", language: fence[1] };
      continue;
    }
    if (block) {
      block.text += `${text}\n`;
      continue;
    }
    const heading = /^(#+) (.+)$/.exec(text);
    if (heading) page.headings.push({ line, text: heading[2], level: heading[1].length });
    const isRow = text.startsWith("|");
    if (isRow && !isInTable) page.tables.push(0);
    if (isRow) page.tables[page.tables.length - 1]++;
    isInTable = isRow;
    for (const [, span] of text.matchAll(/`([^`]+)`/g)) page.spans.push({ line, text: span });
    const withoutCode = text.replaceAll(/`[^`]+`/g, "`…`");
    for (const [, link] of withoutCode.matchAll(/\]\(([^)\s]+)\)/g)) page.links.push({ line, text: link });
  }
  return page;
}

/** The anchors that GitHub gives to the headings of a page. Source: github.com/gjtorikian/html-pipeline, toc filter. */
export function anchorsOf({ headings }: Page): Set<string> {
  const anchors = new Set<string>();
  for (const { text } of headings) {
    const plain = text.replaceAll(/\]\([^)]*\)/g, "]");
    const anchor = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
      .replaceAll(" ", "-");
    let [unique, count] = [anchor, 0];
    while (anchors.has(unique)) unique = `${anchor}-${++count}`;
    anchors.add(unique);
  }
  return anchors;
}
