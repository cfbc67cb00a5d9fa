import path from "node:path";
import type { Request, Response } from "express";
import multer from "multer";
import { AppError } from "../errors.ts";
import type { Storage } from "../storage/storage.ts";
import { isDiskFull } from "../system-errors.ts";

/** A received file in a workspace of its own, and the text fields that came with it. */
export interface Upload {
  path: string;
  /** The client's file name without folders and ending; never used as a path. */
  baseName: string;
  workspace: string;
  fields: Record<string, string>;
}

export interface UploadRules {
  /** Accepted names of the file part. */
  fileNames: string[];
  maxBytes: number;
  /** Whether it is stored and counts for its user's quota. */
  isKept: boolean;
}

/**
 * Streams a multipart body with one file to disk, runs `work` and removes everything that `work` left there.
 * Throws `upload-missing`, `upload-malformed`, `upload-aborted`, `photo-too-large`.
 */
export async function withUpload<T>(
  storage: Storage,
  rules: UploadRules,
  request: Request,
  response: Response,
  work: (upload: Upload) => Promise<T>,
): Promise<T> {
  if (!request.is("multipart/form-data")) throw new AppError("upload-missing");
  const workspace = await storage.workspace();
  try {
    await receive(workspace.path, rules, request, response);
    const files = request.files as Record<string, Express.Multer.File[]> | undefined;
    const received = Object.values(files ?? {}).flat();
    if (received.length !== 1)
      throw new AppError(received.length === 0 ? "upload-missing" : "upload-malformed");
    const [file] = received;
    return await work({
      path: file.path,
      baseName: baseNameOf(file.originalname),
      workspace: workspace.path,
      fields: { ...request.body },
    });
  } finally {
    await workspace.dispose();
  }
}

async function receive(
  folder: string,
  rules: UploadRules,
  request: Request,
  response: Response,
): Promise<void> {
  // Whoever has gone by now is not told of to those who only begin to listen: they would wait for ever.
  if (request.destroyed && !request.readableEnded) throw new AppError("upload-aborted");
  const middleware = multer({
    storage: multer.diskStorage({
      destination: folder,
      filename: (_request, _file, done) => done(null, "upload"),
    }),
    defParamCharset: "utf8",
    limits: {
      files: 1,
      fields: 12,
      parts: 13,
      fieldNameSize: 100,
      fieldSize: 20_000,
      fieldNestingDepth: 0,
      fieldArrayIndexLimit: 0,
      headerPairs: 50,
      fileSize: rules.maxBytes,
    },
  }).fields(rules.fileNames.map((name) => ({ name, maxCount: 1 })));
  return new Promise((resolve, reject) => {
    middleware(request, response, (error: unknown) => {
      if (error) reject(translate(error, rules));
      else resolve();
    });
  });
}

function translate(error: unknown, rules: UploadRules): unknown {
  if (error instanceof multer.MulterError) {
    if (error.code === "LIMIT_FILE_SIZE") {
      const mebibytes = Math.round((rules.maxBytes / 1024 ** 2) * 10) / 10;
      return new AppError("photo-too-large", {
        detail: {
          en: `The file is larger than the limit of ${mebibytes} MB.`,
          ru: `Файл больше предела в ${mebibytes} МБ.`,
        },
        cause: error,
      });
    }
    const message =
      error.code === "LIMIT_UNEXPECTED_FILE"
        ? `Send one file, in the field "${rules.fileNames[0]}".`
        : `${error.message}.`;
    return new AppError("upload-malformed", { errors: [{ path: error.field ?? "", message }], cause: error });
  }
  if (isDiskFull(error)) return new AppError("disk-full", { cause: error });
  if (error instanceof Error && /abort/i.test(error.message))
    return new AppError("upload-aborted", { cause: error });
  return new AppError("upload-malformed", { cause: error });
}

function baseNameOf(fileName: string): string {
  const base = path.win32.basename(path.posix.basename(fileName));
  const name = path
    .parse(base)
    .name.replace(/[\p{C}]/gu, "")
    .trim();
  return name.slice(0, 200) || "Model";
}
