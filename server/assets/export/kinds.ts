import type { ExportKind } from "../../contract/model.ts";
import type { PlacedModel } from "./load-placed.ts";
import type { Provenance } from "./provenance.ts";

export interface ExportInput extends PlacedModel {
  /** Any Unicode without control characters. */
  name: string;
  provenance: Provenance;
}

export interface ExportFormat {
  mediaType: string;
  /** With its dot. */
  extension: string;
  /** The content of the file; equal input gives equal bytes. @throws GlbProblem, AppError `export-failed` */
  make(input: ExportInput): Promise<Uint8Array>;
}

/** Every kind of file that is made on demand. Writers are loaded where they run, in the worker. */
export const EXPORTS: Partial<Record<ExportKind, ExportFormat>> = {
  ar: {
    mediaType: "model/gltf-binary",
    extension: ".glb",
    make: async (input) => (await import("./ar.ts")).writeAr(input),
  },
  compatible: {
    mediaType: "model/gltf-binary",
    extension: ".glb",
    make: async (input) => (await import("./compatible.ts")).writeCompatible(input),
  },
  stl: {
    mediaType: "model/stl",
    extension: ".stl",
    make: async (input) => (await import("./stl.ts")).writeStl(input),
  },
  "3mf": {
    mediaType: "model/3mf",
    extension: ".3mf",
    make: async (input) => (await import("./three-mf.ts")).writeThreeMf(input),
  },
  obj: {
    mediaType: "application/zip",
    extension: ".obj.zip",
    make: async (input) => (await import("./obj.ts")).writeObj(input),
  },
  usdz: {
    mediaType: "model/vnd.usdz+zip",
    extension: ".usdz",
    make: async (input) => (await import("./usdz.ts")).writeUsdz(input),
  },
  "print-stl": {
    mediaType: "model/stl",
    extension: ".stl",
    make: async (input) => (await import("../print/print-files.ts")).writePrintStl(input),
  },
  "print-3mf": {
    mediaType: "model/3mf",
    extension: ".3mf",
    make: async (input) => (await import("../print/print-files.ts")).writePrintThreeMf(input),
  },
  "print-check": {
    mediaType: "application/json",
    extension: ".json",
    make: async (input) => (await import("../print/print-files.ts")).writePrintCheck(input),
  },
  "print-repair": {
    mediaType: "application/json",
    extension: ".json",
    make: async (input) => (await import("../print/print-files.ts")).writePrintRepair(input),
  },
  turntable: {
    mediaType: "image/webp",
    extension: ".webp",
    make: async (input) => (await import("../thumbnail/turntable.ts")).renderTurntable(input),
  },
};
