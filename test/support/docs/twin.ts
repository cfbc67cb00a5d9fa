import type { Complaint } from "./claims.ts";
import type { Page } from "./page.ts";

/** A page and its Russian twin have the same headings, tables and code, up to comments. */
export function checkTwin(english: Page, russian: Page): Complaint[] {
  const levels = (page: Page) => page.headings.map(({ level }) => level).join(" ");
  const code = (page: Page) =>
    page.blocks.map(
      ({ language, text }) => `${language}\n${text.replaceAll(/(?<=^|\s)(?:#|\/\/) .*$/gm, "")}`,
    );
  const complaints: Complaint[] = [];
  if (levels(english) !== levels(russian))
    complaints.push(`${russian.name}:1: headings ${levels(russian)} instead of ${levels(english)}`);
  if (english.tables.join(" ") !== russian.tables.join(" "))
    complaints.push(
      `${russian.name}:1: tables with ${russian.tables.join(", ")} rows instead of ${english.tables.join(", ")}`,
    );
  const [wanted, given] = [code(english), code(russian)];
  for (const [index, text] of wanted.entries()) {
    if (given[index]?.replaceAll(/ +$/gm, "") === text.replaceAll(/ +$/gm, "")) continue;
    const { line } = russian.blocks[index] ?? { line: 1 };
    complaints.push(
      `${russian.name}:${line}: another block than at ${english.name}:${english.blocks[index].line}`,
    );
  }
  if (given.length > wanted.length) complaints.push(`${russian.name}:1: more blocks than ${english.name}`);
  return complaints;
}
