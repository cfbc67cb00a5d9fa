import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createModelProcessor } from "../../server/assets/glb.ts";
import { AppError } from "../../server/errors.ts";
import { makeBadModels } from "../support/bad-models.ts";
import { ball, boxGlb, GlbBuilder } from "../support/make-glb.ts";
import { withModelProcessor } from "../support/model-processor.ts";

const bench = withModelProcessor();

describe("model processor: bad files", () => {
  it("refuses every bad file with a reason in two languages, and lives on", async () => {
    for (const [name, glb] of Object.entries(await makeBadModels())) {
      await assert.rejects(bench.run(glb), (error) => {
        assert.ok(error instanceof AppError, `${name}: ${error}`);
        assert.equal(error.code, "model-invalid", name);
        assert.match(error.detail.ru, /[а-я]/, name);
        assert.ok(!/takes too long/.test(error.detail.en), `${name}: ${error.detail.en}`);
        return true;
      });
    }
    await bench.run(await boxGlb([1, 1, 1]));
  });

  it("tells another kind of file from a broken model", async () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from("solid cube\nendsolid"),
      Buffer.from('{"asset":{"version":"2.0"}}'),
    ]) {
      await assert.rejects(bench.run(bytes), { code: "not-a-glb" });
      await assert.rejects(bench.run(bytes, { invalidCode: "result-invalid" }), { code: "result-invalid" });
    }
  });

  it("stops at its time limit and at the caller's signal", async () => {
    const hasty = createModelProcessor({ threads: 1, timeLimitSeconds: 0.02 });
    const builder = new GlbBuilder();
    builder.add(ball(1, 300));
    const sourcePath = join(bench.root, "large.glb");
    await writeFile(sourcePath, await builder.build());
    const task = {
      sourcePath,
      targetFolder: bench.root,
      dimensions: null,
      maxBytes: null,
      invalidCode: "result-invalid",
    } as const;
    await assert.rejects(hasty.process(task), { code: "result-invalid" });
    await hasty.dispose();
    const reason = new AppError("canceled");
    await assert.rejects(bench.processor.process(task, { signal: AbortSignal.abort(reason) }), reason);
    const controller = new AbortController();
    const onStage = () => controller.abort(reason);
    await assert.rejects(bench.processor.process(task, { signal: controller.signal, onStage }), reason);
  });
});
