/** How surfaces are drawn: as they are, as plain clay, coloured by where they face, or as edges alone. */
export const SHADINGS = ["material", "clay", "normals", "wireframe"] as const;
export type Shading = (typeof SHADINGS)[number];
