/** What a link is to show. */
export type ShareSubject =
  | { kind: "model"; id: string; name: string }
  | { kind: "tag"; tag: string }
  | { kind: "models"; ids: readonly string[] };
