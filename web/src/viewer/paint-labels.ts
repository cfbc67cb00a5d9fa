/** A text over the picture: its place in CSS pixels of the stage and how it looks there. */
export type PictureLabel = {
  text: string;
  x: number;
  y: number;
  width: number;
  height: number;
  style: CSSStyleDeclaration;
};

/** The labels that are seen on the stage now. */
export function readLabels(stage: HTMLElement): PictureLabel[] {
  const origin = stage.getBoundingClientRect();
  return [...stage.querySelectorAll<HTMLElement>("[data-label]")].flatMap((element) => {
    const style = getComputedStyle(element);
    if (style.visibility !== "visible" || style.opacity === "0") return [];
    const { x, y, width, height } = element.getBoundingClientRect();
    const text = element.textContent ?? "";
    return [{ text, x: x - origin.x, y: y - origin.y, width, height, style }];
  });
}

/** Paints labels as the page shows them, `ratio` times as large. */
export function paintLabels(
  context: CanvasRenderingContext2D,
  labels: readonly PictureLabel[],
  ratio: number,
): void {
  for (const { text, x, y, width, height, style } of labels) {
    context.save();
    context.scale(ratio, ratio);
    context.beginPath();
    context.roundRect(
      x,
      y,
      width,
      height,
      Math.min(Number.parseFloat(style.borderTopLeftRadius) || 0, height / 2),
    );
    context.fillStyle = style.backgroundColor;
    context.fill();
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.fillStyle = style.color;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, x + width / 2, y + height / 2);
    context.restore();
  }
}
