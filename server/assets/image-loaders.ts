import sharp from "sharp";

// These belong to the whole process, all its threads: set once, by the main thread and before any worker decodes.
// A worker that set them anew would close the loaders for a moment under its neighbours.

// libvips can open far more than photos (SVG, PDF, TIFF …): everything is closed, then our formats are opened.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["Jpeg", "Png", "Webp", "Nsgif", "Heif"].flatMap((format) => [
    `VipsForeignLoad${format}Buffer`,
    `VipsForeignLoad${format}File`,
  ]),
});
// Threads come from the worker pool; libvips must not multiply them, nor keep pictures of strangers in memory.
sharp.concurrency(1);
sharp.cache(false);
