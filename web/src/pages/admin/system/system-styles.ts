import css from "./system.css?inline";

let sheet: CSSStyleSheet | null = null;

/** Puts the styles of this page in place: apart from the product's one style sheet, which every first view loads. */
export function addSystemStyles(): void {
  if (sheet) return;
  sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets.push(sheet);
}
