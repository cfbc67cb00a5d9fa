/** Words of the bound of the file for viewing, which is loaded after the model's page. */
export const deliveryEn = {
  title: "File for viewing",
  text: "A smaller one appears sooner. Textures give way first, then triangles; the original stays as it is.",
  now: "{size} now, {original} in the original",
  server: "This server keeps it under {size} where nothing else is said.",
  label: "At most",
  choices: { none: "No limit", own: "Another limit" },
  own: "Megabytes",
  invalid: "Give a number from 0.02 to 200.",
  apply: "Make the file anew",
  busy: "Making the file anew…",
  made: "Made: {size}",
  failed: "The file was not made anew",
} as const;
