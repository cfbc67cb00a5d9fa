import type { ModelChange } from "../../api/models.ts";

/** What every editable part of the model's page gets. `save` rejects when the change was not kept. */
export type Editing = {
  save: (change: ModelChange) => Promise<void>;
  saving: boolean;
  /** In the trash nothing can be changed. */
  locked: boolean;
};
