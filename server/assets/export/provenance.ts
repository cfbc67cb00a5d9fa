/** Where a model came from, for the files that leave the product. What is not known is null. */
export interface Provenance {
  /** Lower-case hex. */
  photoSha256: string | null;
  provider: string | null;
  network: string | null;
  params: Record<string, unknown> | null;
  modelId: string;
  /** ISO-8601 time at which the model was made. */
  createdAt: string;
}

export const GENERATOR = "Photo to 3D";

/** What may be done with the model, as far as the product knows. */
export function licenceNote({ provider }: Provenance): string {
  if (provider === null) return "Imported: the terms of the file's author apply.";
  if (provider === "local") {
    return "Made on the user's own server from the user's photo; rights in the photo stay with its owner.";
  }
  return `Made by ${provider} from the user's photo: the terms of ${provider} and the rights in the photo apply.`;
}

/** Names and values in one order, without what is not known; values are single lines. */
export function provenanceEntries(provenance: Provenance): [name: string, value: string][] {
  const { photoSha256, provider, network, params, modelId, createdAt } = provenance;
  const entries: [string, string | null][] = [
    ["generator", GENERATOR],
    ["modelId", modelId],
    ["createdAt", createdAt],
    ["provider", provider],
    ["network", network],
    ["params", params && JSON.stringify(params)],
    ["photoSha256", photoSha256],
    ["licence", licenceNote(provenance)],
  ];
  return entries.filter((entry): entry is [string, string] => entry[1] !== null);
}
