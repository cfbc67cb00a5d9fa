export const exportsEn = {
  title: "Other formats",
  text: "Made at true size when you ask for them; that can take a minute.",
  preparing: "Being prepared…",
  ready: "{name}: ready",
  kinds: {
    usdz: { name: "USDZ", hint: "AR on iPhone and iPad" },
    ar: { name: "GLB for AR", hint: "AR on Android" },
    stl: { name: "STL", hint: "3D printing in one colour" },
    "3mf": { name: "3MF", hint: "3D printing in colour" },
    obj: { name: "OBJ", hint: "Nearly any 3D program; a ZIP with textures" },
    compatible: { name: "GLB, full quality", hint: "Game engines, programs that refuse WebP" },
    turntable: { name: "Turntable", hint: "Animated WebP for chats and shops" },
  },
} as const;
