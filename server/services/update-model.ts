import type { z } from "zod";
import type { ModelProcessor } from "../assets/glb.ts";
import type { DimensionsInput } from "../contract/common.ts";
import type { UpdateModel } from "../contract/model.ts";
import { AppError } from "../errors.ts";
import type { Model3d } from "../models/model-3d.ts";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";
import { audit, type MemberActor } from "./audit.ts";
import { dropDerivedRows, removeUnnamed } from "./derived-rows.ts";
import { mergedMetadata } from "./model-metadata.ts";
import { findModel, readModel } from "./models.ts";
import { makeModelFiles, replaceFileRows } from "./publish-model.ts";

interface Deps {
  records: Records;
  storage: Storage;
  processor: ModelProcessor;
}

/**
 * Changes a model; new `dimensions` or another bound of its bytes make its files anew from the original. With `version` it changes only that
 * version. Throws what `findModel` throws, and `precondition-failed`.
 */
export async function updateModel(
  deps: Deps,
  by: MemberActor,
  id: string,
  changes: z.output<typeof UpdateModel>,
  version: number | null,
): Promise<Model3d> {
  const { records, storage } = deps;
  const before = await findModel(records, by.caller, id, "manage");
  if (version !== null && before.version !== version) throw new AppError("precondition-failed");
  const { dimensions, delivery, hotspots, viewpoint, ...plain } = changes;
  const metadata = mergedMetadata(records, { hotspots, viewpoint });
  const maxBytes = delivery ? delivery.maxBytes : before.maxBytes;
  const isRemade = dimensions !== undefined || maxBytes !== before.maxBytes;
  const remade = isRemade ? await remake(deps, id, dimensions ?? before.dimensions, maxBytes) : null;
  const orphans = await records.sequelize.transaction(async (transaction) => {
    const report = before.report && dimensions ? { ...before.report, scaleAssumed: false } : before.report;
    const values = {
      ...plain,
      ...(metadata && { metadata }),
      ...(delivery && { maxBytes }),
      ...(remade && { dimensions: remade.dimensions, stats: remade.stats, report }),
    };
    const [changed] = await records.Model3d.update(values, {
      where: { id, ...((version !== null || remade) && { version: before.version }) },
      transaction,
    });
    if (changed === 0) throw new AppError("precondition-failed");
    const { visibility } = plain;
    if (visibility && visibility !== before.visibility) {
      const details = { from: before.visibility, to: visibility };
      await audit(records, { action: "model.visibility-changed", subjectId: id, details, by }, transaction);
    }
    if (remade) return replaceFileRows(records, id, remade.files, transaction);
    return plain.name === undefined ? [] : dropDerivedRows(records, id, transaction);
  });
  await removeUnnamed({ records, storage }, orphans);
  return readModel(records, id);
}

const remake = (deps: Deps, modelId: string, dimensions: DimensionsInput, maxBytes: number | null) =>
  makeModelFiles(deps, { modelId, dimensions, maxBytes, invalidCode: "model-invalid" });
