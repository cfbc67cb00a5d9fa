/**
 * The rims of a surface's holes: closed rings of corners, each in the direction in which its triangles run along it.
 * Edges that are used as often forwards as backwards cancel out, so that whatever is left closes; a ring visits no
 * corner twice.
 */
export function findRims(triangles: ArrayLike<number>): number[][] {
  const excess = new Map<number, number>();
  const add = (from: number, to: number) => {
    const [key, step] = from < to ? [from * 2 ** 26 + to, 1] : [to * 2 ** 26 + from, -1];
    const sum = (excess.get(key) ?? 0) + step;
    if (sum === 0) excess.delete(key);
    else excess.set(key, sum);
  };
  for (let at = 0; at < triangles.length; at++) {
    add(triangles[at], triangles[at % 3 === 2 ? at - 2 : at + 1]);
  }
  const ways = new Map<number, number[]>();
  for (const [key, sum] of excess) {
    const [low, high] = [Math.floor(key / 2 ** 26), key % 2 ** 26];
    const [from, to] = sum > 0 ? [low, high] : [high, low];
    const onwards = ways.get(from) ?? [];
    for (let use = 0; use < Math.abs(sum); use++) onwards.push(to);
    ways.set(from, onwards);
  }
  const rims: number[][] = [];
  for (const start of ways.keys()) {
    while (ways.get(start)!.length > 0) rims.push(...walk(ways, start));
  }
  return rims;
}

/** Follows the ways until it is back, and cuts a ring off wherever a corner comes again. */
function walk(ways: Map<number, number[]>, start: number): number[][] {
  const rings: number[][] = [];
  const path = [start];
  const places = new Map([[start, 0]]);
  while (path.length > 0) {
    const next = ways.get(path[path.length - 1])?.pop();
    if (next === undefined) break;
    const seen = places.get(next);
    if (seen === undefined) {
      places.set(next, path.length);
      path.push(next);
      continue;
    }
    const ring = path.splice(seen);
    for (const corner of ring) places.delete(corner);
    rings.push(ring);
    path.push(next);
    places.set(next, path.length - 1);
    if (path.length === 1) break;
  }
  return rings;
}
