import type { ErrorCode, ErrorText } from "../error-table.ts";

/** Backups and what else only operators see. */
export const OPERATIONS_EN = {
  "backup-missing": {
    title: "No such backup",
    detail: "There is no such backup, or a part of it is missing.",
    suggestion: "Choose one from the list of backups.",
  },
  "backup-running": {
    title: "A backup is being made already",
    detail: "Backups are made, verified, deleted and restored one at a time, and one is at work now.",
    suggestion: "Wait until it has ended, or cancel it.",
  },
  "backup-last-verified": {
    title: "This is the last verified backup",
    detail:
      "No other kept backup was restored and compared, so after this one there might be none to rely on.",
    suggestion: "Verify another backup first, or delete this one all the same with force=true.",
  },
  "backup-schedule-off": {
    title: "The settings have no schedule of backups",
    detail: "BACKUP_SCHEDULE is off, so backups are only made when somebody asks for one.",
    suggestion: "Set BACKUP_SCHEDULE=on in the server's settings and start it again.",
  },
  "backup-damaged": {
    title: "The backup is damaged",
    detail: "The backup's bytes are not those that were written.",
    suggestion: "Use an older backup, and check the disk or the bucket on which this one lies.",
  },
  "backup-foreign": {
    title: "The backup is not of this installation",
    detail:
      "The backup isn't signed with the secret of this installation: it comes from another one, from an earlier " +
      "version, from before API_ENCRYPTION_KEY was changed, or somebody has tampered with it. Its SQL would be run.",
    suggestion:
      "Set API_ENCRYPTION_KEY and API_ENCRYPTION_SALT (or DATA_DIR/secrets.json) of the installation that made it. " +
      "Where you know for certain where it comes from, take it all the same: foreign=true, or --foreign in a shell.",
  },
  "backup-key": {
    title: "The backup can't be decrypted",
    detail: "The backup is encrypted, and its secret key was not given or is another one.",
    suggestion: "Give the secret key (AGE-SECRET-KEY-1…) that belongs to the public key of the backup.",
  },
  "backup-target-refused": {
    title: "The place for backups is not usable",
    detail: "The folder or the bucket for backups can't be read or written.",
    suggestion: "Check BACKUP_DIR, its permissions, and the S3 settings where it is a bucket.",
  },
  "backup-target-owned": {
    title: "The place for backups is another installation's",
    detail:
      "Another installation keeps its backups there; each would clear away files that the other one's need.",
    suggestion:
      "Set BACKUP_DIR to a folder or prefix of this installation's own. Where the other one is gone for good, take " +
      "the place over with npm run backup -- --adopt. Listing, verifying and restoring need neither.",
  },
  "restore-too-new": {
    title: "The backup is of a newer version",
    detail: "The backup was made by a newer version of the product, whose tables this one does not know.",
    suggestion: "Install that version or a later one, and restore there.",
  },
  "restore-refused": {
    title: "The database does not let a backup in",
    detail:
      "The database user may not create a schema, which loading a backup beside the present state needs.",
    suggestion:
      "Let an administrator of the database run GRANT CREATE ON DATABASE … TO the user of DATABASE_URL; where that leads to a connection pooler, restore with the URL of PostgreSQL itself.",
  },
  "restore-busy": {
    title: "Work is still under way",
    detail: "Work that was begun has not ended in time, so the backup was not put in place.",
    suggestion: "Try again in some minutes.",
  },
  "restore-pending": {
    title: "A restored backup waits for a decision",
    detail: "A backup is being restored, or is in place and neither confirmed nor undone yet.",
    suggestion: "Confirm it or undo it first.",
  },
  "restore-none": {
    title: "No restore waits for a decision",
    detail: "No restored backup waits for being confirmed or undone.",
    suggestion: "Look at the state of the restore.",
  },
  "database-not-empty": {
    title: "The database is not empty",
    detail: "A backup can be restored into an empty database only.",
    suggestion: "Create a new database and give its address.",
  },
  "monitor-off": {
    title: "The monitor is turned off",
    detail: "The settings of the server turn the monitor off, so it can be neither started nor stopped here.",
    suggestion:
      "Set MONITORING_INTERVAL to the seconds between two looks, such as 30, and start the server again.",
  },
  "scratch-database-refused": {
    title: "No second database may be created",
    detail: "The database user may not create databases, which trying out a backup needs.",
    suggestion:
      "Let an administrator of the database run ALTER ROLE … CREATEDB for the user of DATABASE_URL.",
  },
} satisfies Partial<Record<ErrorCode, ErrorText>>;
