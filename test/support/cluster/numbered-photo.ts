import sharp from "sharp";

const BITS = 16;
const SQUARE = 24;
const IN_A_ROW = 4;

/** A small photo of a number as black and white squares: no two are alike, also after they were stored with loss. */
export function numberedPhoto(number: number): Promise<Buffer> {
  const squares = Array.from({ length: BITS }, (_, bit) => {
    const colour = (number >> bit) & 1 ? "#fff" : "#222";
    const [x, y] = [bit % IN_A_ROW, Math.floor(bit / IN_A_ROW)].map((place) => place * SQUARE);
    return `<rect x="${x}" y="${y}" width="${SQUARE}" height="${SQUARE}" fill="${colour}"/>`;
  });
  const side = IN_A_ROW * SQUARE;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${squares.join("")}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}
