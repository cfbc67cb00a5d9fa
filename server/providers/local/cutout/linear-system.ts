/** Solves `matrix · x = right` by Gaussian elimination with partial pivoting; both arguments are used up. */
export function solveLinearSystem(matrix: number[][], right: number[]): number[] {
  const size = right.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column])) pivot = row;
    }
    [matrix[column], matrix[pivot]] = [matrix[pivot], matrix[column]];
    [right[column], right[pivot]] = [right[pivot], right[column]];
    const diagonal = matrix[column][column] || 1e-9;
    for (let row = column + 1; row < size; row++) {
      const factor = matrix[row][column] / diagonal;
      for (let k = column; k < size; k++) matrix[row][k] -= factor * matrix[column][k];
      right[row] -= factor * right[column];
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let row = size - 1; row >= 0; row--) {
    let sum = right[row];
    for (let k = row + 1; k < size; k++) sum -= matrix[row][k] * solution[k];
    solution[row] = sum / (matrix[row][row] || 1e-9);
  }
  return solution;
}
