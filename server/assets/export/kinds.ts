import type { ExportKind } from "../../contract/model.ts";
import type { PlacedModel } from "./load-placed.ts";
import type { Provenance } from "./provenance.ts";

export interface ExportInput extends PlacedModel {
  /** Any Unicode without control characters. */
  name: string;
  provenance: Provenance;
}

/** What is in the files that one piece of work gives. */
export type Contents = Partial<Record<ExportKind, Uint8Array>>;

export interface ExportFormat {
  mediaType: string;
  /** With its dot. */
  extension: string;
  /** All kinds that the same work gives: whoever asks for one has them all made. */
  kinds: readonly ExportKind[];
  /** The contents of `kinds`; equal input gives equal bytes. @throws GlbProblem, AppError `export-failed` */
  make(input: ExportInput): Promise<Contents>;
}

type Work = Pick<ExportFormat, "kinds" | "make">;

const oneFile = (kind: ExportKind, write: (input: ExportInput) => Promise<Uint8Array>): Work => ({
  kinds: [kind],
  make: async (input) => ({ [kind]: await write(input) }),
});

/** One repair, which takes most of the time, and three files of it. */
const REPAIR: Work = {
  kinds: ["print-repair", "print-stl", "print-3mf"],
  make: async (input) => (await import("../print/print-files.ts")).writeRepaired(input),
};

/** Every kind of file that is made on demand. Writers are loaded where they run, in the worker. */
export const EXPORTS: Partial<Record<ExportKind, ExportFormat>> = {
  ar: {
    mediaType: "model/gltf-binary",
    extension: ".glb",
    ...oneFile("ar", async (input) => (await import("./ar.ts")).writeAr(input)),
  },
  compatible: {
    mediaType: "model/gltf-binary",
    extension: ".glb",
    ...oneFile("compatible", async (input) => (await import("./compatible.ts")).writeCompatible(input)),
  },
  stl: {
    mediaType: "model/stl",
    extension: ".stl",
    ...oneFile("stl", async (input) => (await import("./stl.ts")).writeStl(input)),
  },
  "3mf": {
    mediaType: "model/3mf",
    extension: ".3mf",
    ...oneFile("3mf", async (input) => (await import("./three-mf.ts")).writeThreeMf(input)),
  },
  obj: {
    mediaType: "application/zip",
    extension: ".obj.zip",
    ...oneFile("obj", async (input) => (await import("./obj.ts")).writeObj(input)),
  },
  usdz: {
    mediaType: "model/vnd.usdz+zip",
    extension: ".usdz",
    ...oneFile("usdz", async (input) => (await import("./usdz.ts")).writeUsdz(input)),
  },
  "print-stl": {
    mediaType: "model/stl",
    extension: ".stl",
    ...REPAIR,
  },
  "print-3mf": {
    mediaType: "model/3mf",
    extension: ".3mf",
    ...REPAIR,
  },
  "print-check": {
    mediaType: "application/json",
    extension: ".json",
    ...oneFile("print-check", async (input) =>
      (await import("../print/print-files.ts")).writePrintCheck(input),
    ),
  },
  "print-repair": {
    mediaType: "application/json",
    extension: ".json",
    ...REPAIR,
  },
  turntable: {
    mediaType: "image/webp",
    extension: ".webp",
    ...oneFile("turntable", async (input) =>
      (await import("../thumbnail/turntable.ts")).renderTurntable(input),
    ),
  },
};
