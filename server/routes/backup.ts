import { create as contentDisposition } from "content-disposition";
import { z } from "zod";
import type { Config } from "../config.ts";
import {
  BackupEventsQuery,
  BackupFilename,
  BackupList,
  BackupRun,
  BackupStatus,
  CreateBackup,
  DeleteBackupQuery,
  SwitchBackupSchedule,
  VerifyBackup,
} from "../contract/backup.ts";
import { AppError } from "../errors.ts";
import { openEventStream } from "../http/event-stream.ts";
import { localeOf } from "../http/locale.ts";
import { type Route, route } from "../http/route.ts";
import { sendContent } from "../http/send-content.ts";
import type { Records } from "../models/records.ts";
import { requirePerson } from "../policies/access.ts";
import { audit } from "../services/audit.ts";
import { archiveBackup } from "../services/backups/archive.ts";
import { assertThere } from "../services/backups/backups.ts";
import { presentRun, requestCancel } from "../services/backups/runs.ts";
import type { RunningBackups } from "../services/backups/start-backups.ts";
import { switchProcess } from "../services/system/processes.ts";
import type { SystemState } from "../services/system/system-state.ts";
import { followStatus } from "./backup-events.ts";

interface BackupRouteDeps {
  config: Config;
  records: Records;
  switches: SystemState;
  backups: RunningBackups;
  draining: AbortSignal;
}

const TAG = "Operations";
const ByName = z.object({ filename: BackupFilename });
const STATUS = { 200: { description: "As it is now", schema: BackupStatus } };
const BEGUN = {
  202: { description: "It has begun; /api/system/backup/events tells how far it is", schema: BackupRun },
};

export function backupRoutes(deps: BackupRouteDeps): Route[] {
  const { config, records, backups } = deps;
  return [
    route({
      method: "get",
      path: "/api/system/backup/status",
      tag: TAG,
      summary: "What runs of making and verifying backups, what came of the last run, what is next",
      access: "admin",
      answers: STATUS,
      async handle({ request, response }) {
        response.set("Cache-Control", "no-store").json(await backups.status(localeOf(request)));
      },
    }),
    route({
      method: "get",
      path: "/api/system/backup/events",
      tag: TAG,
      summary: "Follow the status of backups",
      access: "admin",
      query: BackupEventsQuery,
      answers: {
        200: { description: "Server-sent events named `backup`: the status", mediaType: "text/event-stream" },
      },
      handle({ query, caller, request, response }) {
        const stream = openEventStream(request, response, deps.draining);
        followStatus(deps, stream, { caller, locale: query.lang ?? localeOf(request) });
      },
    }),
    route({
      method: "get",
      path: "/api/system/backup/list",
      tag: TAG,
      summary: "All backups, newest first, with what their verification came to",
      access: "admin",
      answers: { 200: { description: "The backups", schema: BackupList } },
      async handle({ request, response }) {
        const items = await backups.list(localeOf(request));
        response.set("Cache-Control", "no-store").json({ items } satisfies BackupList);
      },
    }),
    route({
      method: "post",
      path: "/api/system/backup/create",
      tag: TAG,
      summary: "Make a backup of the database and all files now",
      access: "admin",
      body: CreateBackup.prefault({}),
      answers: BEGUN,
      async handle({ body, by, request, response }) {
        const { run } = await backups.create({ ...body, by });
        response.status(202).json(presentRun(run, localeOf(request)));
      },
    }),
    route({
      method: "post",
      path: "/api/system/backup/cancel",
      tag: TAG,
      summary: "Cancel what is being made or verified, on whichever replica; it ends within seconds",
      access: "admin",
      answers: STATUS,
      async handle({ by, request, response }) {
        if (await requestCancel(records)) await audit(records, { action: "backup.canceled", by });
        response.json(await backups.status(localeOf(request)));
      },
    }),
    route({
      method: "post",
      path: "/api/system/backup/verify/:filename",
      tag: TAG,
      summary: "Restore a backup into a scratch database and folder, and compare",
      access: "admin",
      params: ByName,
      body: VerifyBackup.prefault({}),
      answers: BEGUN,
      async handle({ params, body, by, caller, request, response }) {
        // Its dump is SQL of whoever wrote it.
        if (body.foreign) requirePerson(caller);
        const { run } = await backups.verify(params.filename, { ...body, by });
        response.status(202).json(presentRun(run, localeOf(request)));
      },
    }),
    route({
      method: "post",
      path: "/api/system/backup/schedule",
      tag: TAG,
      summary: "Stop making backups by schedule, or go on; BACKUP_SCHEDULE must be on",
      access: "admin",
      body: SwitchBackupSchedule,
      answers: STATUS,
      async handle({ body, by, request, response }) {
        if (config.backup.schedule === null) throw new AppError("backup-schedule-off");
        await switchProcess(deps, { name: "backupSchedule", running: body.running, by });
        response.json(await backups.status(localeOf(request)));
      },
    }),
    route({
      method: "get",
      path: "/api/system/backup/:filename",
      tag: TAG,
      summary:
        "Download a backup with all its files as one ZIP archive; unpacked into BACKUP_DIR it is a backup there",
      access: "admin-account",
      params: ByName,
      answers: { 200: { description: "The archive", mediaType: "application/zip" } },
      async handle({ params: { filename }, by, request, response }) {
        await assertThere(backups.target, filename);
        response.set({
          "Content-Type": "application/zip",
          "Content-Disposition": contentDisposition(`photo-to-3d-${filename}.zip`),
          "Cache-Control": "no-store",
        });
        if (request.method === "HEAD") return void response.end();
        await audit(records, { action: "backup.downloaded", details: { filename }, by });
        await sendContent(archiveBackup(backups.target, filename), response);
      },
    }),
    route({
      method: "delete",
      path: "/api/system/backup/:filename",
      tag: TAG,
      summary: "Delete a backup; the last verified one only with `force=true`",
      access: "admin-account",
      params: ByName,
      query: DeleteBackupQuery,
      answers: { 204: { description: "Deleted" } },
      async handle({ params, query, by, response }) {
        await backups.remove(params.filename, { force: query.force, by });
        response.status(204).end();
      },
    }),
  ];
}
