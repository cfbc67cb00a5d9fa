const FREE = 0;
const SOURCE = 1;
const SINK = 2;
/** Parent codes besides the eight directions. */
const TERMINAL = 8;
const ORPHAN = 9;
const NONE = 10;

/**
 * Minimum cut on an 8-connected grid by the algorithm of Boykov and Kolmogorov (2004, "An Experimental
 * Comparison of Min-Cut/Max-Flow Algorithms"). Capacities are whole numbers. The grid is padded by one free
 * cell, so that no neighbour needs a bounds check. Directions `k` and `k ^ 1` are opposite.
 */
export class GridCut {
  /** Residual capacity from each cell in each direction. */
  readonly capacity: Int32Array[];
  /** Residual capacity to the terminals: positive from the source, negative to the sink. */
  readonly terminal: Int32Array;
  readonly #stride: number;
  readonly #offsets: number[];
  readonly #tree: Uint8Array;
  readonly #parent: Uint8Array;
  readonly #stamp: Int32Array;
  readonly #depth: Int32Array;
  readonly #next: Int32Array;
  #first = -1;
  #last = -1;
  #time = 0;
  #orphans: number[] = [];

  constructor(width: number, height: number) {
    const stride = width + 2;
    const cells = stride * (height + 2);
    this.#stride = stride;
    this.#offsets = [1, -1, stride, -stride, stride + 1, -stride - 1, stride - 1, -stride + 1];
    this.capacity = this.#offsets.map(() => new Int32Array(cells));
    this.terminal = new Int32Array(cells);
    this.#tree = new Uint8Array(cells);
    this.#parent = new Uint8Array(cells).fill(NONE);
    this.#stamp = new Int32Array(cells);
    this.#depth = new Int32Array(cells);
    this.#next = new Int32Array(cells).fill(-1);
  }

  cell(x: number, y: number): number {
    return (y + 1) * this.#stride + x + 1;
  }

  /** After `run`: whether the cell stays with the source. */
  isSource(x: number, y: number): boolean {
    return this.#tree[this.cell(x, y)] === SOURCE;
  }

  run(): void {
    for (let i = 0; i < this.terminal.length; i++) {
      if (this.terminal[i] === 0) continue;
      this.#tree[i] = this.terminal[i] > 0 ? SOURCE : SINK;
      this.#parent[i] = TERMINAL;
      this.#depth[i] = 1;
      this.#activate(i);
    }
    let current = -1;
    for (;;) {
      if (current === -1 || this.#tree[current] === FREE) current = this.#takeActive();
      if (current === -1) return;
      const bridge = this.#grow(current);
      this.#time++;
      if (bridge === null) {
        current = -1;
        continue;
      }
      this.#augment(bridge.from, bridge.direction);
      for (let k = 0; k < this.#orphans.length; k++) this.#adopt(this.#orphans[k]);
      this.#orphans = [];
    }
  }

  #activate(cell: number): void {
    if (this.#next[cell] !== -1) return;
    this.#next[cell] = cell;
    if (this.#last === -1) this.#first = cell;
    else this.#next[this.#last] = cell;
    this.#last = cell;
  }

  #takeActive(): number {
    for (;;) {
      const cell = this.#first;
      if (cell === -1) return -1;
      if (this.#next[cell] === cell) {
        this.#first = -1;
        this.#last = -1;
      } else {
        this.#first = this.#next[cell];
      }
      this.#next[cell] = -1;
      if (this.#tree[cell] !== FREE) return cell;
    }
  }

  /** Residual capacity along the tree's own flow direction between a cell and its neighbour in `direction`. */
  #treeCapacity(tree: number, cell: number, direction: number): number {
    return tree === SOURCE
      ? this.capacity[direction][cell]
      : this.capacity[direction ^ 1][cell + this.#offsets[direction]];
  }

  /** Grows the tree from an active cell; returns the edge (source side first) where both trees meet. */
  #grow(cell: number): { from: number; direction: number } | null {
    const tree = this.#tree[cell];
    for (let k = 0; k < 8; k++) {
      const neighbour = cell + this.#offsets[k];
      if (this.#treeCapacity(tree, cell, k) <= 0) continue;
      const other = this.#tree[neighbour];
      if (other === FREE) {
        this.#tree[neighbour] = tree;
        this.#adoptFrom(cell, neighbour, k);
        this.#activate(neighbour);
      } else if (other !== tree) {
        return tree === SOURCE ? { from: cell, direction: k } : { from: neighbour, direction: k ^ 1 };
      } else if (
        this.#stamp[neighbour] <= this.#stamp[cell] &&
        this.#depth[neighbour] > this.#depth[cell] &&
        this.#parent[neighbour] < TERMINAL
      ) {
        this.#adoptFrom(cell, neighbour, k);
      }
    }
    return null;
  }

  #adoptFrom(parent: number, child: number, direction: number): void {
    this.#parent[child] = direction ^ 1;
    this.#stamp[child] = this.#stamp[parent];
    this.#depth[child] = this.#depth[parent] + 1;
  }

  /** The least residual capacity on the way from `start` to its terminal. */
  #bottleneck(start: number, tree: number): number {
    let least = Infinity;
    let cell = start;
    while (this.#parent[cell] !== TERMINAL) {
      const k = this.#parent[cell];
      const up = cell + this.#offsets[k];
      least = Math.min(least, tree === SOURCE ? this.capacity[k ^ 1][up] : this.capacity[k][cell]);
      cell = up;
    }
    return Math.min(least, Math.abs(this.terminal[cell]));
  }

  #push(start: number, tree: number, flow: number): void {
    let cell = start;
    while (this.#parent[cell] !== TERMINAL) {
      const k = this.#parent[cell];
      const up = cell + this.#offsets[k];
      const [tail, direction] = tree === SOURCE ? [up, k ^ 1] : [cell, k];
      const head = tree === SOURCE ? cell : up;
      this.capacity[direction][tail] -= flow;
      this.capacity[direction ^ 1][head] += flow;
      if (this.capacity[direction][tail] === 0) this.#orphan(cell);
      cell = up;
    }
    this.terminal[cell] -= tree === SOURCE ? flow : -flow;
    if (this.terminal[cell] === 0) this.#orphan(cell);
  }

  #augment(from: number, direction: number): void {
    const to = from + this.#offsets[direction];
    const flow = Math.min(
      this.capacity[direction][from],
      this.#bottleneck(from, SOURCE),
      this.#bottleneck(to, SINK),
    );
    this.capacity[direction][from] -= flow;
    this.capacity[direction ^ 1][to] += flow;
    this.#push(from, SOURCE, flow);
    this.#push(to, SINK, flow);
  }

  #orphan(cell: number): void {
    this.#parent[cell] = ORPHAN;
    this.#orphans.push(cell);
  }

  /** Distance of a cell from its terminal, or -1 when its way there is broken; marks the way for later calls. */
  #originDistance(start: number): number {
    let steps = 0;
    let cell = start;
    for (;;) {
      if (this.#stamp[cell] === this.#time) {
        steps += this.#depth[cell];
        break;
      }
      steps++;
      const k = this.#parent[cell];
      if (k === TERMINAL) {
        this.#stamp[cell] = this.#time;
        this.#depth[cell] = 1;
        break;
      }
      if (k > TERMINAL) return -1;
      cell += this.#offsets[k];
    }
    let depth = steps;
    for (cell = start; this.#stamp[cell] !== this.#time; cell += this.#offsets[this.#parent[cell]]) {
      this.#stamp[cell] = this.#time;
      this.#depth[cell] = depth--;
    }
    return steps;
  }

  #adopt(orphan: number): void {
    const tree = this.#tree[orphan];
    let best = NONE;
    let bestDistance = Infinity;
    for (let k = 0; k < 8; k++) {
      const neighbour = orphan + this.#offsets[k];
      if (this.#tree[neighbour] !== tree || this.#treeCapacity(tree, neighbour, k ^ 1) <= 0) continue;
      const distance = this.#originDistance(neighbour);
      if (distance < 0 || distance >= bestDistance) continue;
      bestDistance = distance;
      best = k;
    }
    this.#parent[orphan] = best;
    if (best !== NONE) {
      this.#stamp[orphan] = this.#time;
      this.#depth[orphan] = bestDistance + 1;
      return;
    }
    for (let k = 0; k < 8; k++) {
      const neighbour = orphan + this.#offsets[k];
      if (this.#tree[neighbour] !== tree) continue;
      if (this.#treeCapacity(tree, neighbour, k ^ 1) > 0) this.#activate(neighbour);
      if (this.#parent[neighbour] === (k ^ 1)) this.#orphan(neighbour);
    }
    this.#tree[orphan] = FREE;
  }
}
