import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { v7 as newId } from "uuid";
import { LOCAL_USER_ID } from "../../server/models/user.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.dispose());

const cursorOf = (value: string) => Buffer.from(JSON.stringify([value, newId()])).toString("base64url");

it("refuses a cursor that carries no time where the list is sorted by time", async () => {
  for (const list of ["models", "generations"]) {
    for (const value of ["Sofa", "2026-99-99T00:00:00.000Z", ""]) {
      const response = await app.request(`/api/v1/${list}?cursor=${cursorOf(value)}`);
      assert.equal(response.status, 400, `${list} ${value}`);
    }
  }
});

it("takes back its own cursor after a name of the greatest length", async () => {
  for (const name of ["Ж".repeat(200), "椅".repeat(200)]) {
    const facts = {
      dimensions: { length: 1, width: 1, height: 1, unit: "cm" as const },
      tags: [name.slice(0, 5)],
    };
    const stats = {
      triangles: 1,
      vertices: 3,
      materials: 1,
      textures: [],
      boundingBoxMetres: {
        min: [0, 0, 0] as [number, number, number],
        max: [1, 1, 1] as [number, number, number],
      },
      watertight: false,
    };
    for (let n = 0; n < 2; n++)
      await app.context.records.Model3d.create({ id: newId(), userId: LOCAL_USER_ID, name, stats, ...facts });
    const query = `/api/v1/models?sort=name&limit=1&tag=${encodeURIComponent(name.slice(0, 5))}`;
    const first = (await (await app.request(query)).json()) as { nextCursor: string };
    const second = await app.request(`${query}&cursor=${first.nextCursor}`);
    assert.equal(second.status, 200, await second.clone().text());
    assert.equal(((await second.json()) as { items: unknown[] }).items.length, 1);
  }
});
