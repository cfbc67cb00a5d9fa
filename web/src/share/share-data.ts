import type { Dimensions } from "../../../server/contract/common.ts";
import type { ArWay } from "../ar/ar-plan.ts";

export interface SharedFile {
  url: string;
  bytes: number | null;
}

/** One model as a share link shows it. */
export interface SharedModel {
  id: string;
  name: string;
  dimensions: Dimensions;
  files: {
    glb: SharedFile | null;
    ar: SharedFile | null;
    usdz: SharedFile | null;
    poster: SharedFile | null;
  };
  tooLarge: readonly ArWay[];
}

export interface Shared {
  /** Of a gallery; null where the link is to one model. */
  title: string | null;
  /** Absolute address of the page, as phones should open it. */
  url: string;
  expiresAt: string | null;
  models: readonly SharedModel[];
}
