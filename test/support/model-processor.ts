import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { NodeIO } from "@gltf-transform/core";
import { ALL_EXTENSIONS } from "@gltf-transform/extensions";
import { validateBytes } from "gltf-validator";
import { MeshoptDecoder } from "meshoptimizer/decoder";
import { createModelProcessor, type ModelProcessor, type ModelTask } from "../../server/assets/glb.ts";

type Options = Partial<Omit<ModelTask, "sourcePath">> & Parameters<ModelProcessor["process"]>[1];

/** A processor for one test file, and a way to send a GLB through it that checks what always holds. */
export function withModelProcessor() {
  const bench = {
    root: "",
    processor: undefined as unknown as ModelProcessor,

    async run(glb: Buffer, { signal, onStage, ...task }: Options = {}) {
      const folder = await mkdtemp(join(bench.root, "run-"));
      const sourcePath = join(folder, "source");
      await writeFile(sourcePath, glb);
      const result = await bench.processor.process(
        {
          sourcePath,
          targetFolder: folder,
          dimensions: null,
          maxBytes: null,
          invalidCode: "model-invalid",
          ...task,
        },
        { signal, onStage },
      );
      assert.deepEqual(await readFile(sourcePath), glb, "the source stays as it is");
      const names = ["model.glb", ...(result.preview ? ["preview.glb"] : []), "source", "thumbnail.webp"];
      assert.deepEqual((await readdir(folder)).sort(), names);
      const content = await readFile(result.delivery.path);
      const report = await validateBytes(content);
      assert.equal(report.issues.numErrors, 0, JSON.stringify(report.issues.messages.slice(0, 3)));
      await MeshoptDecoder.ready;
      const io = new NodeIO().registerExtensions(ALL_EXTENSIONS);
      const document = await io
        .registerDependencies({ "meshopt.decoder": MeshoptDecoder })
        .readBinary(content);
      return { ...result, content, document };
    },
  };
  before(async () => {
    bench.root = await mkdtemp(join(tmpdir(), "model-test-"));
    bench.processor = createModelProcessor({ threads: 2 });
  });
  after(async () => {
    await bench.processor.dispose();
    await rm(bench.root, { recursive: true, force: true });
  });
  return bench;
}

/** Whether two lists of lengths agree to a tenth of a millimetre. */
export function assertClose(actual: readonly number[], expected: readonly number[], what: string) {
  for (const [index, value] of expected.entries()) {
    assert.ok(Math.abs(actual[index] - value) < 1e-4, `${what}: ${actual} is not ${expected}`);
  }
}
