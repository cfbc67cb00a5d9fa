/** A Gaussian mixture over three-channel features, evaluated by its likeliest component as in GrabCut. */
export interface GaussianMixture {
  /** Negative log-likelihood of a feature, less a constant. */
  cost(x: number, y: number, z: number): number;
}

const MAX_SAMPLES = 6000;
const ROUNDS = 8;
/** Added to each variance, so that an even surface does not become infinitely narrow. */
const VARIANCE_FLOOR = 3;
const SEED_PERCENTILE = 0.97;

type Vector = [number, number, number];

/** Far-apart first centres, the very farthest samples left out as outliers; deterministic. */
function spreadCentres(samples: Float32Array, count: number): Vector[] {
  const total = samples.length / 3;
  const mean: Vector = [0, 0, 0];
  for (let i = 0; i < samples.length; i++) mean[i % 3] += samples[i] / total;
  const centres = [mean];
  const nearest = new Float64Array(total).fill(Infinity);
  while (centres.length < count) {
    const last = centres[centres.length - 1];
    for (let t = 0; t < total; t++) nearest[t] = Math.min(nearest[t], squaredDistance(samples, t, last));
    const target = Float64Array.from(nearest).sort()[Math.floor(total * SEED_PERCENTILE)];
    let best = 0;
    for (let t = 1; t < total; t++) {
      if (Math.abs(nearest[t] - target) < Math.abs(nearest[best] - target)) best = t;
    }
    centres.push([samples[best * 3], samples[best * 3 + 1], samples[best * 3 + 2]]);
  }
  return centres;
}

function squaredDistance(samples: Float32Array, index: number, centre: Vector): number {
  const x = samples[index * 3] - centre[0];
  const y = samples[index * 3 + 1] - centre[1];
  const z = samples[index * 3 + 2] - centre[2];
  return x * x + y * y + z * z;
}

/** k-means; returns each sample's cluster and moves the centres. */
function cluster(samples: Float32Array, centres: Vector[]): Uint8Array {
  const labels = new Uint8Array(samples.length / 3);
  for (let round = 0; round < ROUNDS; round++) {
    const sums = centres.map(() => [0, 0, 0, 0]);
    for (let t = 0; t < labels.length; t++) {
      let best = Infinity;
      for (let k = 0; k < centres.length; k++) {
        const distance = squaredDistance(samples, t, centres[k]);
        if (distance >= best) continue;
        best = distance;
        labels[t] = k;
      }
      const sum = sums[labels[t]];
      for (let c = 0; c < 3; c++) sum[c] += samples[t * 3 + c];
      sum[3]++;
    }
    sums.forEach((sum, k) => {
      if (sum[3]) centres[k] = [sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3]];
    });
  }
  return labels;
}

/** Mean, upper triangle of the inverse covariance, and the cost's constant of one component. */
function describe(samples: Float32Array, labels: Uint8Array, k: number, centre: Vector): Float64Array | null {
  let [xx, xy, xz, yy, yz, zz, count] = [0, 0, 0, 0, 0, 0, 0];
  for (let t = 0; t < labels.length; t++) {
    if (labels[t] !== k) continue;
    const x = samples[t * 3] - centre[0];
    const y = samples[t * 3 + 1] - centre[1];
    const z = samples[t * 3 + 2] - centre[2];
    xx += x * x;
    xy += x * y;
    xz += x * z;
    yy += y * y;
    yz += y * z;
    zz += z * z;
    count++;
  }
  if (count < 3) return null;
  [xx, xy, xz] = [xx / count + VARIANCE_FLOOR, xy / count, xz / count];
  [yy, yz, zz] = [yy / count + VARIANCE_FLOOR, yz / count, zz / count + VARIANCE_FLOOR];
  const determinant = xx * (yy * zz - yz * yz) - xy * (xy * zz - xz * yz) + xz * (xy * yz - xz * yy);
  return Float64Array.of(
    ...centre,
    (yy * zz - yz * yz) / determinant,
    (xz * yz - xy * zz) / determinant,
    (xy * yz - xz * yy) / determinant,
    (xx * zz - xz * xz) / determinant,
    (xy * xz - xx * yz) / determinant,
    (xx * yy - xy * xy) / determinant,
    0.5 * Math.log(determinant) - Math.log(count / labels.length),
  );
}

/** Fits a mixture to the features (three numbers a pixel) of the listed pixels. */
export function fitMixture(features: Float32Array, pixels: Int32Array, size: number): GaussianMixture {
  const step = Math.max(1, Math.floor(pixels.length / MAX_SAMPLES));
  const samples = new Float32Array(Math.ceil(pixels.length / step) * 3);
  for (let t = 0; t * 3 < samples.length; t++) {
    for (let c = 0; c < 3; c++) samples[t * 3 + c] = features[pixels[t * step] * 3 + c];
  }
  const centres = spreadCentres(samples, Math.min(size, Math.max(1, pixels.length >> 4)));
  const labels = cluster(samples, centres);
  const parts = centres
    .map((centre, k) => describe(samples, labels, k, centre))
    .filter((part) => part !== null);
  return {
    cost(x, y, z) {
      let best = Infinity;
      for (const p of parts) {
        const [a, b, c] = [x - p[0], y - p[1], z - p[2]];
        const squares = a * a * p[3] + b * b * p[6] + c * c * p[8];
        const cost = p[9] + 0.5 * squares + a * b * p[4] + a * c * p[5] + b * c * p[7];
        if (cost < best) best = cost;
      }
      return best;
    },
  };
}
