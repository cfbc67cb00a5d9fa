import * as THREE from "three";

/** Numbers from 0 to 1, the same every time. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

type Paint = (context: CanvasRenderingContext2D, size: number, random: () => number) => void;

const TEXTURE_PIXELS = 512;

/** A picture painted on a square and repeated `repeat` times each way. */
export function paint(seed: number, repeat: number, draw: Paint): THREE.CanvasTexture {
  const canvas = document.createElement("canvas");
  canvas.width = TEXTURE_PIXELS;
  canvas.height = TEXTURE_PIXELS;
  draw(canvas.getContext("2d")!, TEXTURE_PIXELS, createRandom(seed));
  const texture = new THREE.CanvasTexture(canvas);
  texture.colorSpace = THREE.SRGBColorSpace;
  texture.wrapS = THREE.RepeatWrapping;
  texture.wrapT = THREE.RepeatWrapping;
  texture.repeat.set(repeat, repeat);
  texture.anisotropy = 8;
  return texture;
}

const shade = (colour: string, lightness: number) => {
  const hsl = { h: 0, s: 0, l: 0 };
  const base = new THREE.Color(colour);
  base.getHSL(hsl);
  return `#${base.setHSL(hsl.h, hsl.s, Math.min(1, Math.max(0, hsl.l + lightness))).getHexString()}`;
};

/** Threads this way and that. */
export const weave = (colour: string, contrast = 0.06, repeat = 6) =>
  paint(3, repeat, (context, size, random) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, size, size);
    for (let k = 0; k < 2600; k++) {
      context.fillStyle = shade(colour, (random() - 0.5) * 2 * contrast);
      const [x, y] = [random() * size, random() * size];
      if (k % 2) context.fillRect(x, y, 26, 3);
      else context.fillRect(x, y, 3, 26);
    }
  });

/** Planks with grain. */
export const wood = (colour: string, planks = 5, repeat = 1) =>
  paint(8, repeat, (context, size, random) => {
    const width = size / planks;
    for (let plank = 0; plank < planks; plank++) {
      context.fillStyle = shade(colour, (random() - 0.5) * 0.1);
      context.fillRect(plank * width, 0, width, size);
      for (let k = 0; k < 60; k++) {
        context.strokeStyle = shade(colour, (random() - 0.6) * 0.14);
        context.globalAlpha = 0.5;
        const x = (plank + random()) * width;
        context.beginPath();
        context.moveTo(x, 0);
        context.bezierCurveTo(x + random() * 8, size / 3, x - random() * 8, (2 * size) / 3, x, size);
        context.stroke();
      }
      context.globalAlpha = 1;
      if (planks > 1) {
        context.fillStyle = shade(colour, -0.22);
        context.fillRect(plank * width, 0, 2, size);
      }
    }
  });

/** Soft blots, as of stone or fur. */
export const blots = (colour: string, other: string, count = 220, repeat = 2) =>
  paint(21, repeat, (context, size, random) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, size, size);
    for (let k = 0; k < count; k++) {
      const [x, y, radius] = [random() * size, random() * size, 8 + random() * 44];
      const gradient = context.createRadialGradient(x, y, 0, x, y, radius);
      gradient.addColorStop(0, random() > 0.5 ? other : shade(colour, 0.05));
      gradient.addColorStop(1, "transparent");
      context.globalAlpha = 0.35;
      context.fillStyle = gradient;
      context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    }
    context.globalAlpha = 1;
  });

/** Bands around a turned body, from its bottom to its top. */
export const bands = (colours: readonly string[]) =>
  paint(5, 1, (context, size) => {
    colours.forEach((colour, k) => {
      context.fillStyle = colour;
      context.fillRect(0, (k * size) / colours.length, size, size / colours.length + 1);
    });
  });

/** A pattern of small flowers, as on wallpaper. */
export const wallpaper = (colour: string, petals: readonly string[], repeat = 3) =>
  paint(31, repeat, (context, size, random) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, size, size);
    for (let k = 0; k < 70; k++) {
      const [x, y] = [random() * size, random() * size];
      context.fillStyle = petals[k % petals.length];
      for (let petal = 0; petal < 5; petal++) {
        const angle = (petal * 2 * Math.PI) / 5;
        context.beginPath();
        context.arc(x + 11 * Math.cos(angle), y + 11 * Math.sin(angle), 8, 0, 2 * Math.PI);
        context.fill();
      }
    }
  });

/** A parcel: cardboard with tape, a label and arrows. */
export const parcel = () =>
  paint(13, 1, (context, size, random) => {
    context.fillStyle = "#b98d5c";
    context.fillRect(0, 0, size, size);
    for (let k = 0; k < 900; k++) {
      context.fillStyle = random() > 0.5 ? "rgba(90,60,30,.05)" : "rgba(255,230,190,.05)";
      context.fillRect(random() * size, random() * size, 60, 2);
    }
    context.fillStyle = "#d8b684";
    context.fillRect(0, 0.44 * size, size, 0.12 * size);
    context.fillStyle = "#f4f1ea";
    context.fillRect(0.55 * size, 0.62 * size, 0.36 * size, 0.26 * size);
    context.fillStyle = "#26221e";
    for (let k = 0; k < 18; k++)
      context.fillRect((0.58 + k * 0.017) * size, 0.66 * size, 2 + 4 * random(), 44);
    context.font = `bold ${0.09 * size}px sans-serif`;
    context.fillText("▲ ▲", 0.08 * size, 0.84 * size);
  });

export function matte(map: THREE.Texture | string, roughness = 0.85): THREE.MeshStandardMaterial {
  const paint = typeof map === "string" ? { color: map } : { map };
  return new THREE.MeshStandardMaterial({ ...paint, roughness, side: THREE.DoubleSide });
}

export const glossy = (map: THREE.Texture | string) => matte(map, 0.22);
