import type { LocalizedText } from "../contract/common.ts";

/** Why a file is not a model we take. `not-a-glb` where it is something else altogether. */
export class GlbProblem extends Error {
  readonly kind: "not-a-glb" | "invalid";
  readonly detail: LocalizedText;

  constructor(detail: LocalizedText, options: { kind?: "not-a-glb" | "invalid"; cause?: unknown } = {}) {
    super(detail.en, { cause: options.cause });
    this.name = "GlbProblem";
    this.kind = options.kind ?? "invalid";
    this.detail = detail;
  }
}
