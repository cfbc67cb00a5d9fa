import path from "node:path";
import compression from "compression";
import express, { type Express, Router } from "express";
import type { Context } from "./context.ts";
import { AppError } from "./errors.ts";
import { createAdmit, createRecognize } from "./http/caller.ts";
import { sendElsewhere } from "./http/draining.ts";
import { errorMapper, sendProblem } from "./http/error-mapper.ts";
import { sendErrorPage } from "./http/error-page.ts";
import { createRefuseInMaintenance } from "./http/maintenance.ts";
import { refuseWhenOverloaded } from "./http/overload.ts";
import { pageRouter } from "./http/page.ts";
import { noticeProxy } from "./http/proxy-notice.ts";
import { onlyPublicFromElsewhere } from "./http/public-reach.ts";
import { createLimit } from "./http/rate-limit.ts";
import { requestContext, requestLog } from "./http/request-context.ts";
import { requestMetrics } from "./http/request-metrics.ts";
import { requestTrace } from "./http/request-trace.ts";
import { mountRoutes, type Route, type RouteDeps } from "./http/route.ts";
import {
  crossOrigin,
  keptByNobody,
  onlyLocalHosts,
  sameOriginChanges,
  securityHeaders,
} from "./http/security.ts";
import { shareCors, shareHeaders } from "./http/share-headers.ts";
import { readShareTemplate } from "./http/share-html.ts";
import { createUploadRoom } from "./http/upload-room.ts";
import { accountRoutes } from "./routes/account.ts";
import { apiKeyRoutes } from "./routes/api-keys.ts";
import { auditRoutes } from "./routes/audit.ts";
import { authRoutes } from "./routes/auth.ts";
import { backupRoutes } from "./routes/backup.ts";
import { cacheRoutes } from "./routes/cache.ts";
import { cutoutRoutes } from "./routes/cutouts.ts";
import { docsRoutes } from "./routes/docs.ts";
import { eventRoutes } from "./routes/generation-events.ts";
import { generationRoutes } from "./routes/generations.ts";
import { detailedHealthRoutes } from "./routes/health-detailed.ts";
import { hookRoutes } from "./routes/hooks.ts";
import { invitationRoutes } from "./routes/invitations.ts";
import { logRoutes } from "./routes/logs.ts";
import { maintenanceRoutes } from "./routes/maintenance.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { modelFileRoutes } from "./routes/model-files.ts";
import { modelRoutes } from "./routes/models.ts";
import { monitorRoutes } from "./routes/monitor.ts";
import { operationRoutes } from "./routes/operations.ts";
import { modelPageHints } from "./routes/page-hints.ts";
import { printRoutes } from "./routes/print.ts";
import { privacyRoutes } from "./routes/privacy.ts";
import { providerKeyRoutes } from "./routes/provider-keys.ts";
import { providerRoutes } from "./routes/providers.ts";
import { registrationRoutes } from "./routes/registration.ts";
import { restoreRoutes } from "./routes/restore.ts";
import { sharedRoutes } from "./routes/shared.ts";
import { shareRoutes } from "./routes/shares.ts";
import { systemRoutes } from "./routes/system.ts";
import { userRoutes } from "./routes/users.ts";
import { webhookDeliveryRoutes } from "./routes/webhook-deliveries.ts";
import { webhookRoutes } from "./routes/webhooks.ts";

const PAGE_FOLDER = path.resolve(import.meta.dirname, "../web/dist");

/** Every route of the API, in the order in which they are matched. */
const apiRoutes = (context: Context): Route[] => {
  const maxUploadBytes = context.config.uploads.maxBytes;
  const { budget } = context.config.genapi;
  return [
    ...operationRoutes(context),
    ...detailedHealthRoutes(context),
    ...metricsRoutes(context),
    ...auditRoutes(context),
    ...monitorRoutes(context),
    ...restoreRoutes(context),
    ...backupRoutes(context),
    ...systemRoutes(context),
    ...cacheRoutes(context),
    ...logRoutes(context),
    ...maintenanceRoutes(context),
    ...providerRoutes({ ...context, budget }),
    ...cutoutRoutes({ ...context, maxUploadBytes }),
    ...eventRoutes(context),
    ...generationRoutes({ ...context, maxUploadBytes, budget }),
    ...modelRoutes(context),
    ...modelFileRoutes(context),
    ...printRoutes(context),
    ...shareRoutes(context),
    ...webhookRoutes(context),
    ...webhookDeliveryRoutes(context),
    ...hookRoutes(context),
    ...authRoutes(context),
    ...registrationRoutes(context),
    ...accountRoutes(context),
    ...invitationRoutes(context),
    ...userRoutes(context),
    ...privacyRoutes(context),
    ...apiKeyRoutes(context),
    ...providerKeyRoutes(context),
  ];
};

/** Every route that is declared: what the table of who may call what is made of. */
export const declaredRoutes = (context: Context): Route[] => [
  ...apiRoutes(context),
  ...sharedRoutes({ ...context, fillPage: null }),
];

/**
 * What share links open, to everyone and for all origins; addresses without a file's ending are pages for people, and
 * so are their errors.
 */
function shareRouter({ logger }: Context, deps: RouteDeps, routes: Route[]): Router {
  const router = Router();
  router.use("/s", shareHeaders, shareCors);
  router.use(mountRoutes(deps, routes));
  router.use("/s", () => {
    throw new AppError("share-not-found");
  });
  router.use(
    "/s",
    errorMapper(logger, (error, request, response) =>
      path.extname(request.path)
        ? sendProblem(error, request, response)
        : sendErrorPage(error, request, response),
    ),
  );
  return router;
}

/** The product over HTTP: middleware, API, page, errors, in this order. */
export function createApp(context: Context, { pageFolder = PAGE_FOLDER } = {}): Express {
  const { config, logger } = context;
  const routes = apiRoutes(context);
  const shared = sharedRoutes({ ...context, fillPage: readShareTemplate(pageFolder) });
  const deps: RouteDeps = {
    storage: context.storage,
    admit: createAdmit(config, context.identify),
    limit: createLimit(context),
    noteWrite: context.reads.noteWrite,
    refuseInMaintenance: createRefuseInMaintenance(context.switches),
    withRoom: createUploadRoom({ ...context, reserveBytes: config.quotas.diskReserveBytes }),
  };
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", config.trustProxy);
  app.set("query parser", "simple");
  app.set("etag", false);

  app.use(
    requestContext,
    sendElsewhere(context.draining),
    requestTrace(context.tracer),
    requestMetrics(context.metrics.requests),
    requestLog(logger),
  );
  app.use(keptByNobody, securityHeaders({ https: config.publicUrl?.startsWith("https:") ?? false }));
  app.use(noticeProxy(config, logger), refuseWhenOverloaded(context.lag));
  if (config.access.kind === "localhost") app.use(onlyLocalHosts(config.publicUrl));
  app.use(compression({ filter: isText }));
  app.use(shareRouter(context, deps, shared));
  if (config.access.kind === "localhost") app.use(onlyPublicFromElsewhere);
  app.use(
    crossOrigin(config.corsOrigins),
    sameOriginChanges([...config.corsOrigins, ...(config.publicUrl ? [config.publicUrl] : [])]),
  );

  app.use(mountRoutes(deps, routes));
  app.use(docsRoutes([...routes, ...shared], context.version));
  app.use(["/api", "/health", "/hooks"], () => {
    throw new AppError("not-found");
  });
  app.use(
    pageRouter(pageFolder, modelPageHints(context.records, createRecognize(config, context.identify)), {
      accounts: config.access.kind === "accounts",
    }),
  );
  app.use(() => {
    throw new AppError("not-found");
  });
  app.use(errorMapper(logger));
  return app;
}

/** Models and pictures are compact already, and event streams must not wait in a buffer. */
const isText: compression.CompressionFilter = (_request, response) =>
  /json|html|javascript|css|svg|plain/.test(String(response.getHeader("Content-Type")));
