import { type Model, type ModelStatic, Op, type WhereOptions } from "sequelize";
import type { AuditEntry } from "../../models/audit-entry.ts";
import type { Records } from "../../models/records.ts";

/** A table's rows about one person. */
interface DataPart {
  /** Name of the file in the archive. */
  name: string;
  rows: ModelStatic<Model & { id: string }>;
  where: WhereOptions;
  /** Secrets, and columns that only the server's own work needs. */
  without: string[];
  include?: { association: string; attributes: string[]; separate?: boolean }[];
  /** What a row says to this person; default all of it. */
  told?: (row: Model) => object;
}

/** Rows that are in memory at once. */
const BATCH = 200;

/** Everything that is kept about a person, without secrets: keys, tokens and passwords are kept as hashes only. */
export function dataPartsOf(records: Records, userId: string): DataPart[] {
  const mine = { userId };
  const parts = [
    { name: "account", rows: records.User, where: { id: userId }, without: ["passwordHash"] },
    { name: "sessions", rows: records.Session, where: mine, without: [] },
    { name: "api-keys", rows: records.ApiKey, where: mine, without: ["hash"] },
    {
      name: "provider-keys",
      rows: records.ProviderKey,
      where: mine,
      without: ["wrappedKey", "sealed", "wrappingKeyId"],
    },
    {
      name: "invitations",
      rows: records.Invitation,
      where: { [Op.or]: [{ createdBy: userId }, { usedBy: userId }] },
      without: ["hash"],
    },
    {
      name: "generations",
      rows: records.Generation,
      where: mine,
      without: ["fence", "wakeAt", "requestDigest", "resultUrl", "version"],
      include: [{ association: "photo", attributes: ["sha256", "mediaType", "bytes", "width", "height"] }],
    },
    { name: "spendings", rows: records.Spending, where: mine, without: [] },
    {
      name: "models",
      rows: records.Model3d,
      where: mine,
      without: [],
      include: [
        {
          association: "files",
          attributes: ["id", "modelId", "kind", "bytes", "sha256", "mediaType"],
          separate: true,
        },
      ],
    },
    { name: "shares", rows: records.Share, where: mine, without: ["token"] },
    { name: "webhooks", rows: records.WebhookEndpoint, where: mine, without: ["secret", "previousSecret"] },
    {
      name: "audit-log",
      rows: records.AuditEntry,
      where: { [Op.or]: [{ actorId: userId }, { subjectId: userId }] },
      without: [],
      told: (entry: AuditEntry) => toldOf(entry, userId),
    },
  ];
  return parts as unknown as DataPart[];
}

/** Of what others did to a person's account, neither their address nor from where and with which device. */
function toldOf(entry: AuditEntry, userId: string): object {
  const { actorName, address, userAgent, requestId, ...deed } = entry.toJSON();
  return entry.actorId === userId ? { ...deed, actorName, address, userAgent, requestId } : deed;
}

/** The rows of a table in batches, in the order of their ids. */
export async function* batchesOf<M extends Model & { id: string }>(
  rows: ModelStatic<M>,
  options: { where: WhereOptions; without?: string[]; include?: DataPart["include"] },
): AsyncGenerator<M[]> {
  const { where, without = [], include } = options;
  for (let last: string | null = null; ; ) {
    const after: WhereOptions = last ? { id: { [Op.gt]: last } } : {};
    const batch: M[] = await rows.unscoped().findAll({
      where: { [Op.and]: [where, after] },
      attributes: { exclude: without },
      include,
      order: [["id", "ASC"]],
      limit: BATCH,
    });
    if (batch.length > 0) yield batch;
    if (batch.length < BATCH) return;
    last = batch[batch.length - 1].id;
  }
}

/** A table's rows as the text of one JSON array. */
export async function* jsonOf({ rows, told = (row) => row, ...options }: DataPart): AsyncGenerator<Buffer> {
  let separator = "[\n";
  for await (const batch of batchesOf(rows, options)) {
    const text = batch.map((row) => JSON.stringify(told(row))).join(",\n");
    yield Buffer.from(separator + text);
    separator = ",\n";
  }
  yield Buffer.from(separator === "[\n" ? "[]\n" : "\n]\n");
}
