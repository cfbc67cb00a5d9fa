import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Box3, BoxGeometry, Euler, Group, Matrix4, Mesh, Quaternion, Vector3 } from "three";
import { stand, standingPoint } from "../../web/src/ar/web-xr/placement.ts";

const pose = (position: Vector3, tilt = 0) =>
  new Matrix4()
    .compose(position, new Quaternion().setFromEuler(new Euler(tilt, 0.4, 0)), new Vector3(1, 1, 1))
    .toArray();

describe("a model in the visitor's room", () => {
  it("stands at the point of the floor at its true size, its front to the visitor", () => {
    const model = new Group();
    model.add(new Mesh(new BoxGeometry(2, 0.85, 0.9).translate(0, 0.425, 0)));
    model.scale.setScalar(3);
    const floor = standingPoint(pose(new Vector3(1, -1.4, -2)));
    stand(model, floor!, new Vector3(1, 0, 3));
    model.updateMatrixWorld(true);
    const box = new Box3().setFromObject(model);
    const size = box.getSize(new Vector3());
    assert.deepEqual(
      [size.x, size.y, size.z].map((metres) => metres.toFixed(4)),
      ["2.0000", "0.8500", "0.9000"],
    );
    assert.ok(Math.abs(box.min.y + 1.4) < 1e-6);
    const front = new Vector3(0, 0, 1).applyQuaternion(model.quaternion);
    assert.ok(front.z > 0.999);
    stand(model, floor!, new Vector3(9, 0, -2));
    assert.ok(new Vector3(0, 0, 1).applyQuaternion(model.quaternion).x > 0.999);
  });

  it("does not stand on walls and ceilings", () => {
    assert.equal(standingPoint(pose(new Vector3(), Math.PI / 2)), null);
    assert.equal(standingPoint(pose(new Vector3(), Math.PI)), null);
    assert.ok(standingPoint(pose(new Vector3(), 0.2)));
  });
});
