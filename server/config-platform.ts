import path from "node:path";
import type { GivenSettings } from "./config-files.ts";
import { SETTINGS } from "./settings.ts";

type Values = GivenSettings["values"];

interface WithPlatform {
  values: Values;
  /** What the platform would lose. */
  warnings: string[];
  /** What was taken from the platform. */
  notes: string[];
}

/**
 * What a platform says of itself in the environment, where no setting says otherwise. Relative folders are taken from
 * `root`. Throws one sentence with the cure where the platform would lose the database with each deployment.
 */
export function withPlatform({ values }: GivenSettings, root: string): WithPlatform {
  if (values.NODE_ENV !== "production") return { values, warnings: [], notes: [] };
  refuseLostDatabase(values, root);
  const publicUrl = railwayAddress(values);
  const notes: string[] = [];
  if (publicUrl) {
    notes.push(
      `People reach this server at ${publicUrl}, by RAILWAY_PUBLIC_DOMAIN. Set PUBLIC_URL for another address.`,
    );
  }
  const warnings = warnOfLostFiles(values, root);
  return { values: publicUrl ? { ...values, PUBLIC_URL: publicUrl } : values, warnings, notes };
}

function warnOfLostFiles(values: Values, root: string): string[] {
  const uploads = SETTINGS.shape.UPLOAD_DIR.parse(values.UPLOAD_DIR);
  const backups = values.BACKUP_DIR ?? dataFolder(values);
  const areFilesLost = !values.S3_BUCKET && isLostAtRailway(values, root, uploads);
  const areBackupsLost = !backups.includes("://") && isLostAtRailway(values, root, backups);
  const warn = (what: string, settings: string) => [
    `Railway keeps nothing of this container: ${what} go with the next deployment. Attach a volume to the service ` +
      `with the mount path /data, or set ${settings}.`,
  ];
  if (areFilesLost && areBackupsLost) return warn("photos, models and backups", "S3_BUCKET and BACKUP_DIR");
  if (areFilesLost) return warn("photos and models", "S3_BUCKET");
  return areBackupsLost ? warn("backups", "BACKUP_DIR to a bucket") : [];
}

const dataFolder = ({ DATA_DIR }: Values): string => SETTINGS.shape.DATA_DIR.parse(DATA_DIR);

function railwayAddress({ RAILWAY_PUBLIC_DOMAIN: domain, PUBLIC_URL }: Values): string | null {
  return domain && !PUBLIC_URL ? `https://${domain.trim()}` : null;
}

/** Whether `folder` is not on the service's volume (https://docs.railway.com/volumes/reference). */
function isLostAtRailway(values: Values, root: string, folder: string): boolean {
  if (!values.RAILWAY_PROJECT_ID) return false;
  const volume = values.RAILWAY_VOLUME_MOUNT_PATH;
  if (!volume) return true;
  const within = path.relative(path.resolve(volume), path.resolve(root, folder));
  return within === ".." || within.startsWith(`..${path.sep}`);
}

function refuseLostDatabase(values: Values, root: string): void {
  if (values.DATABASE_URL || values.PGHOST || !isLostAtRailway(values, root, dataFolder(values))) return;
  throw new Error(
    "No database is set, and Railway keeps nothing of this container: all would be gone with the next deployment. " +
      // As Railway writes it.
      "Set DATABASE_URL=$" +
      "{{Postgres.DATABASE_URL}} in the service's variables, with a PostgreSQL of that name in the same project.",
  );
}
