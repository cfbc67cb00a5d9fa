/** Words of the print panel, which is loaded after the model's page. */
export const printEn = {
  title: "3D print",
  text: "Looks for holes, loose parts and thin walls at the model's true size.",
  check: "Check for print",
  checking: "Checking the surface…",
  repair: "Repair for print",
  repairing: "Repairing a copy…",
  repairText: "Makes a new file. The model stays as it is.",
  yes: "Ready to print",
  no: "Not ready to print as it is",
  repairedYes: "Repaired and ready to print",
  repairedNo: "Repaired, but it may still not print",
  reasons: {
    "no-volume": "It has no inside: the surface is as thin as paper.",
    "open-edges": {
      one: "The surface has holes: {count} open edge.",
      other: "The surface has holes: {count} open edges.",
    },
    "non-manifold-edges": {
      one: "At {count} edge more than two faces meet.",
      other: "At {count} edges more than two faces meet.",
    },
    "flipped-faces": {
      one: "Some faces are inside out: {count} edge.",
      other: "Some faces are inside out: {count} edges.",
    },
    "inside-out": "The whole surface is inside out.",
    "thin-walls":
      "Walls are thinner than {threshold}: {share} of the surface. A larger size makes them thicker.",
    "self-intersections": {
      one: "The surface passes through itself in {count} place. Most slicers cope with it.",
      other: "The surface passes through itself in {count} places. Most slicers cope with it.",
    },
    "loose-parts": {
      one: "It is {count} piece.",
      other: "It consists of {count} pieces that don't hang together.",
    },
    "larger-than-bed": "It is larger than a usual printer's bed (220 × 220 × 250 mm).",
  },
  facts: {
    size: "Size",
    volume: "Volume",
    wall: "Thinnest wall",
    pieces: "Pieces",
    openEdges: "Open edges",
    unknown: "Unknown",
  },
  steps: {
    title: "What was done",
    holes: { one: "{count} hole closed, {width} wide", other: "{count} holes closed, the widest {width}" },
    cracks: { one: "{count} crack joined", other: "{count} corners at cracks joined" },
    turned: { one: "{count} face turned", other: "{count} faces turned" },
    duplicates: { one: "{count} needless face removed", other: "{count} needless faces removed" },
    sheets: { one: "{count} sheet made 1 mm thick", other: "{count} sheets made 1 mm thick" },
    specks: { one: "{count} loose speck dropped", other: "{count} loose specks dropped" },
    joined: { one: "{count} piece kept", other: "{count} pieces made one" },
    cut: "{length} cut off below so that it stands: {before} high before, {after} now",
    grid: "Made anew on a grid of {length}: finer details are lost",
    nothing: "Nothing had to be mended",
  },
  download: { stl: "STL for printing", "3mf": "3MF with colours" },
  preparing: "Preparing the file…",
} as const;
