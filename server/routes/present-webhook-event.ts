import type { ModelStatic, Model as SequelizeModel } from "sequelize";
import type { WebhookEvent, WebhookEventType } from "../contract/webhook.ts";
import { PING } from "../contract/webhook-names.ts";
import type { Records } from "../models/records.ts";
import type { ProviderDirectory } from "../services/providers.ts";
import { presentGeneration } from "./present-generation.ts";
import { presentFacts } from "./present-model.ts";

/** Rows as the outbox kept them, with the columns' names of the database. */
type Row = Record<string, unknown>;
interface Snapshot {
  at: string;
  generation?: Row;
  model?: Row;
  files?: Row[];
  photo?: Row | null;
  webhookId?: string;
}

/**
 * Makes the function that writes the body of an event: what the API would have shown at that moment, in English, with
 * absolute addresses where the public one is known.
 */
export function createEventRenderer(deps: {
  records: Records;
  directory: ProviderDirectory;
  publicUrl: string | null;
}) {
  const { records, directory, publicUrl } = deps;
  const absolute = (path: string) => (publicUrl ?? "") + path;
  const photoOf = (photo: Snapshot["photo"]) => (photo ? revive(records.Photo, photo) : undefined);

  async function generationEvent(
    type: Exclude<WebhookEventType, "model.created">,
    snapshot: Snapshot,
  ): Promise<WebhookEvent> {
    const generation = revive(records.Generation, snapshot.generation!);
    generation.photo = photoOf(snapshot.photo);
    // Money is settled by other triggers of the same transaction, so it is read and not kept.
    generation.spendings = await records.Spending.findAll({ where: { generationId: generation.id } });
    const modelId = generation.status === "succeeded" ? generation.reservedModelId : null;
    const shown = presentGeneration(generation, {
      network: undefined,
      queuePosition: null,
      wait: null,
      isFree: directory.providers.get(generation.provider)?.isFree ?? false,
      locale: "en",
    });
    const links = {
      generation: absolute(`/api/v1/generations/${generation.id}`),
      model: modelId && absolute(`/api/v1/models/${modelId}`),
      glb: modelId && absolute(`/api/v1/models/${modelId}/files/model.glb`),
    };
    const photo = { ...shown.photo, url: absolute(shown.photo.url) };
    return { type, timestamp: timeOf(snapshot), data: { ...shown, modelId, photo, links } };
  }

  function modelEvent(snapshot: Snapshot): WebhookEvent {
    const model = revive(records.Model3d, snapshot.model!);
    model.files = (snapshot.files ?? []).map((file) => revive(records.ModelFile, file));
    model.photo = photoOf(snapshot.photo);
    const shown = presentFacts(model);
    const linked = (views: Record<string, { url: string }>) =>
      Object.fromEntries(
        Object.entries(views).map(([kind, file]) => [kind, { ...file, url: absolute(file.url) }]),
      );
    const [files, exports] = [linked(shown.files), linked(shown.exports)];
    const links = {
      model: absolute(`/api/v1/models/${model.id}`),
      glb: absolute(`/api/v1/models/${model.id}/files/model.glb`),
    };
    return { type: "model.created", timestamp: timeOf(snapshot), data: { ...shown, files, exports, links } };
  }

  return async ({ eventType, snapshot }: { eventType: string; snapshot: Row }): Promise<string> => {
    const kept = snapshot as unknown as Snapshot;
    const type = eventType as WebhookEvent["type"];
    if (type === PING) {
      return JSON.stringify({ type, timestamp: timeOf(kept), data: { webhookId: kept.webhookId } });
    }
    return JSON.stringify(type === "model.created" ? modelEvent(kept) : await generationEvent(type, kept));
  };
}

const timeOf = ({ at }: Snapshot) => new Date(at).toISOString();

/** A record of a row in JSON: columns become attributes, times become dates. */
function revive<M extends SequelizeModel>(model: ModelStatic<M>, row: Row): M {
  const values = Object.entries(model.getAttributes()).map(([name, { field }]) => [
    name,
    row[field ?? name] ?? null,
  ]);
  return model.build(Object.fromEntries(values), { isNewRecord: false });
}
