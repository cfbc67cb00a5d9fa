/** A safe file name made from what the model is called: letters of any script, digits, dots and dashes. */
export function fileName(label: string, suffix: string, extension: string): string {
  const stem = label
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 80);
  return `${[stem || "model", suffix].filter(Boolean).join("-")}.${extension}`;
}
