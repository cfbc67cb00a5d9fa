import { photoForm } from "../client.ts";
import { PLANTED } from "./planted.ts";

/** A request of a route that gets past the checks of its form, and what it answers to whoever is let in. */
export interface Sample {
  body?: unknown;
  form?: () => FormData;
  query?: string;
  /** Statuses; default: any success. */
  passes?: readonly number[];
}

/** A form without its file: refused for that, but only after its sender was let in. */
const noFile: Sample = { form: () => photoForm(new Uint8Array(), {}, "", "nothing"), passes: [400] };
const nothing: Sample = {};
const NEW_PASSWORD = "one more passphrase for a test";
const NO_TOKEN = "there-is-no-such-token-anywhere";

/** By method and path. Every route that changes something has one: without it the walk fails. */
export const SAMPLES: Record<string, Sample | readonly Sample[]> = {
  "GET /health/ready": { passes: [200, 503] },
  "POST /api/system/health/check": nothing,
  "POST /api/system/processes/:name/start": nothing,
  "POST /api/system/processes/:name/stop": nothing,
  "POST /api/system/orphans": { body: { remove: true } },
  "POST /api/system/cache/clear": { body: { pattern: "analytics:*" } },
  "POST /api/system/cache/warm-up": nothing,
  "PUT /api/system/maintenance": { body: { enabled: false } },
  "PUT /api/system/log-level": { body: { level: null } },
  // The monitor of tests is off.
  "POST /api/system/monitoring/start": { passes: [409] },
  "POST /api/system/monitoring/stop": { passes: [409] },
  // A backup in the making would write while the walk puts the tables back.
  "POST /api/system/backup/create": { body: { kind: "hourly" }, passes: [400] },
  "POST /api/system/backup/cancel": nothing,
  "POST /api/system/backup/verify/:filename": { passes: [404] },
  "POST /api/system/backup/schedule": { body: { running: true }, passes: [409] },
  "POST /api/system/backup/restore/:filename": { body: { password: "wrong" }, passes: [403] },
  "POST /api/system/backup/restore/confirm": { body: { password: "wrong" }, passes: [409] },
  "POST /api/system/backup/restore/undo": { body: { password: "wrong" }, passes: [409] },
  "GET /api/system/backup/:filename": { passes: [404] },
  "DELETE /api/system/backup/:filename": { passes: [404] },
  "POST /hooks/genapi/:nonce": { body: {}, passes: [404] },
  "POST /api/v1/generations": noFile,
  "POST /api/v1/generations/:id/cancel": nothing,
  "POST /api/v1/generations/:id/retry": { body: { acceptSecondCharge: true }, passes: [409] },
  "POST /api/v1/cutouts": noFile,
  "POST /api/v1/models": noFile,
  "PATCH /api/v1/models/:id": [{ body: { description: "Changed" } }, { body: { visibility: "team" } }],
  "DELETE /api/v1/models/:id": [nothing, { query: "?permanent=true", passes: [409] }],
  "POST /api/v1/models/:id/restore": nothing,
  "POST /api/v1/models/:id/shares": { body: {} },
  "DELETE /api/v1/models/:id/shares": nothing,
  "POST /api/v1/shares": { body: { tag: "sofa" } },
  "PATCH /api/v1/shares/:id": { body: { expiresInDays: 1 } },
  "DELETE /api/v1/shares/:id": nothing,
  "POST /api/v1/webhooks": { body: { url: "http://127.0.0.1:9/", eventTypes: ["model.created"] } },
  "PATCH /api/v1/webhooks/:id": { body: { description: "Changed" } },
  "DELETE /api/v1/webhooks/:id": nothing,
  "POST /api/v1/webhooks/:id/secret": nothing,
  "POST /api/v1/webhooks/:id/test": nothing,
  "POST /api/v1/webhooks/:id/deliveries/:deliveryId/replay": nothing,
  "POST /api/v1/providers/:id/resume": nothing,
  "POST /api/v1/api-keys": { body: { name: "Another", scopes: ["read"] } },
  "DELETE /api/v1/api-keys/:id": nothing,
  "GET /api/v1/provider-keys/:provider": { passes: [200, 404] },
  "PUT /api/v1/provider-keys/:provider": { body: { key: "" }, passes: [400] },
  "DELETE /api/v1/provider-keys/:provider": { passes: [204, 404] },
  "POST /api/v1/auth/login": {
    body: { email: `nobody-${PLANTED}@example.com`, password: NEW_PASSWORD },
    passes: [401],
  },
  "POST /api/v1/auth/refresh": { body: {}, passes: [401] },
  "POST /api/v1/auth/logout": { body: {} },
  "POST /api/v1/auth/logout-everywhere": nothing,
  "POST /api/v1/auth/register": { body: {}, passes: [400] },
  "POST /api/v1/auth/forgot": { body: {}, passes: [400] },
  "POST /api/v1/auth/reset": {
    body: { token: NO_TOKEN, password: NEW_PASSWORD },
    passes: [400, 401, 404, 410, 422],
  },
  "POST /api/v1/auth/verify": { body: { token: NO_TOKEN }, passes: [400, 401, 404, 410, 422] },
  "POST /api/v1/auth/first-admin": { body: {}, passes: [400] },
  "POST /api/v1/auth/password": { body: {}, passes: [400] },
  "PATCH /api/v1/auth/me": { body: { name: "Changed" } },
  "DELETE /api/v1/auth/me": { body: {}, passes: [400] },
  "DELETE /api/v1/auth/sessions/:id": nothing,
  "POST /api/v1/invitations": { body: {} },
  "DELETE /api/v1/invitations/:id": nothing,
  "GET /api/v1/invitations/by-token/:token": { passes: [404, 410] },
  "PATCH /api/v1/users/:id": { body: { name: "Changed" } },
  "DELETE /api/v1/users/:id": nothing,
  "POST /api/v1/users/:id/reset-link": nothing,
};

export function samplesOf(method: string, path: string): readonly Sample[] | null {
  const found = SAMPLES[`${method} ${path}`] ?? (method === "GET" ? nothing : null);
  return found && (Array.isArray(found) ? found : [found as Sample]);
}
