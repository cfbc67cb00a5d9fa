import { Maintenance, SetMaintenance } from "../contract/maintenance.ts";
import { type Route, route } from "../http/route.ts";
import type { Records } from "../models/records.ts";
import { maintenanceOf, setMaintenance } from "../services/system/maintenance.ts";
import type { SystemState } from "../services/system/system-state.ts";

const PATH = "/api/system/maintenance";
const answers = { 200: { description: "The state", schema: Maintenance } };

export function maintenanceRoutes(deps: { records: Records; switches: SystemState }): Route[] {
  const state = () => maintenanceOf(deps.switches);
  return [
    route({
      method: "get",
      path: PATH,
      tag: "Operations",
      summary: "Is the product in maintenance",
      access: "admin",
      answers,
      handle({ response }) {
        response.set("Cache-Control", "no-store").json(state());
      },
    }),
    route({
      method: "put",
      path: PATH,
      tag: "Operations",
      summary:
        "Start or end the maintenance: only signed-in administrators can change anything then, and no work is begun",
      access: "admin",
      body: SetMaintenance,
      answers,
      async handle({ body, by, response }) {
        await setMaintenance(deps, body, by);
        response.set("Cache-Control", "no-store").json(state());
      },
    }),
  ];
}
