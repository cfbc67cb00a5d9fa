import { beginModel } from "./early-model.ts";
import { makeModel } from "./load-model.ts";
import { prepareRenderer } from "./renderer.ts";

/** Makes the model that is being fetched, and starts the graphics card, while the page around the viewer is made. */
export async function beginEarly(): Promise<void> {
  const model = beginModel(makeModel);
  try {
    prepareRenderer();
  } catch {
    // The viewer that asks for a renderer tells the visitor.
  }
  await model;
}
