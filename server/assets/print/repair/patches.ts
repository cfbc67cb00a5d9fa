/** A connected piece of surface whose triangles agree on the side that is outside. */
export interface Patch {
  triangles: number[];
  /** How many triangles were turned to make them agree. */
  turned: number;
  /** Whether the triangles agreed as they came. */
  wasConsistent: boolean;
}

/** An edge's key whatever its direction. */
const edgeKey = (from: number, to: number) => (from < to ? from * 2 ** 26 + to : to * 2 ** 26 + from);

/** For each edge the one or two triangles that it belongs to; edges of more triangles lead nowhere. */
function neighbours(triangles: Uint32Array): Map<number, number[]> {
  const edges = new Map<number, number[]>();
  for (let at = 0; at < triangles.length; at++) {
    const key = edgeKey(triangles[at], triangles[at % 3 === 2 ? at - 2 : at + 1]);
    const users = edges.get(key);
    if (users) users.push((at / 3) | 0);
    else edges.set(key, [(at / 3) | 0]);
  }
  return edges;
}

/** Whether a triangle runs along an edge from its first to its second corner. */
function runsAlong(triangles: Uint32Array, triangle: number, from: number, to: number): boolean {
  const at = triangle * 3;
  for (let k = 0; k < 3; k++) {
    if (triangles[at + k] === from && triangles[at + ((k + 1) % 3)] === to) return true;
  }
  return false;
}

/** Cuts a surface at edges of more than two triangles, and turns triangles so that neighbours agree. */
export function findPatches(triangles: Uint32Array): Patch[] {
  const edges = neighbours(triangles);
  const count = triangles.length / 3;
  /** 0 not seen, 1 as it came, 2 turned. */
  const states = new Uint8Array(count);
  const patches: Patch[] = [];
  for (let start = 0; start < count; start++) {
    if (states[start]) continue;
    states[start] = 1;
    const members = [start];
    for (let next = 0; next < members.length; next++) {
      const one = members[next];
      for (let k = 0; k < 3; k++) {
        const from = triangles[one * 3 + k];
        const to = triangles[one * 3 + ((k + 1) % 3)];
        const users = edges.get(edgeKey(from, to))!;
        if (users.length !== 2) continue;
        const other = users[0] === one ? users[1] : users[0];
        if (states[other]) continue;
        const agrees = runsAlong(triangles, other, to, from);
        states[other] = agrees ? states[one] : 3 - states[one];
        members.push(other);
      }
    }
    const asItCame = members.filter((member) => states[member] === 1).length;
    const turnedState = asItCame * 2 >= members.length ? 2 : 1;
    const patch: Patch = {
      triangles: [],
      turned: Math.min(asItCame, members.length - asItCame),
      wasConsistent: asItCame === 0 || asItCame === members.length,
    };
    for (const member of members) {
      const [a, b, c] = triangles.subarray(member * 3, member * 3 + 3);
      patch.triangles.push(...(states[member] === turnedState ? [b, a, c] : [a, b, c]));
    }
    patches.push(patch);
  }
  return patches;
}
