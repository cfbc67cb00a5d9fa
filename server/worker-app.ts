import express, { type Express } from "express";
import type { Context } from "./context.ts";
import { AppError } from "./errors.ts";
import { createAdmit } from "./http/caller.ts";
import { errorMapper } from "./http/error-mapper.ts";
import { createRefuseInMaintenance } from "./http/maintenance.ts";
import { createLimit } from "./http/rate-limit.ts";
import { requestContext, requestLog } from "./http/request-context.ts";
import { requestMetrics } from "./http/request-metrics.ts";
import { mountRoutes, type Route } from "./http/route.ts";
import { keptByNobody, onlyLocalHosts, securityHeaders } from "./http/security.ts";
import { createUploadRoom } from "./http/upload-room.ts";
import { detailedHealthRoutes } from "./routes/health-detailed.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { operationRoutes } from "./routes/operations.ts";

/** Every route of a process that only works. */
const workerRoutes = (context: Context): Route[] => [
  ...operationRoutes(context).filter(({ path }) => path.startsWith("/health")),
  ...detailedHealthRoutes(context),
  ...metricsRoutes(context),
];

/** What a process with ROLE=worker answers: how it is, and its figures. */
export function createWorkerApp(context: Context): Express {
  const { config, logger } = context;
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", config.trustProxy);
  app.set("query parser", "simple");
  app.set("etag", false);
  app.use(requestContext, requestMetrics(context.metrics.requests), requestLog(logger));
  app.use(keptByNobody, securityHeaders({ https: config.publicUrl?.startsWith("https:") ?? false }));
  if (config.access.kind === "localhost") app.use(onlyLocalHosts(config.publicUrl));
  app.use(
    mountRoutes(
      {
        storage: context.storage,
        admit: createAdmit(config, context.identify),
        limit: createLimit(context),
        refuseInMaintenance: createRefuseInMaintenance(context.switches),
        withRoom: createUploadRoom({ ...context, reserveBytes: config.quotas.diskReserveBytes }),
        noteWrite: null,
      },
      workerRoutes(context),
    ),
  );
  app.use(() => {
    throw new AppError("worker-only");
  });
  app.use(errorMapper(logger));
  return app;
}
