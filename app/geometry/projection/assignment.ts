/**
 * For each row the column that it is given, so that no column is given twice and the sum of the gains is the largest
 * possible; `undefined` for rows that get none because columns are fewer. The Hungarian method with shortest augmenting
 * paths (Jonker and Volgenant 1987), O(rows² × columns).
 */
export const bestAssignment = (gains: readonly (readonly number[])[]): (number | undefined)[] => {
  const rows = gains.length;
  const realColumns = gains[0]?.length ?? 0;
  // Columns without a gain, one for each row, stand for having none.
  const columns = realColumns + rows;
  const cost = (row: number, column: number): number => -(gains[row - 1]?.[column - 1] ?? 0);
  // Rows and columns count from 1; column 0 is where each search begins.
  const rowPrice = new Float64Array(rows + 1);
  const columnPrice = new Float64Array(columns + 1);
  const rowOf = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    rowOf[0] = row;
    const slack = new Float64Array(columns + 1).fill(Infinity);
    const cameFrom = new Int32Array(columns + 1);
    const done = new Uint8Array(columns + 1);
    let column = 0;
    do {
      done[column] = 1;
      const from = rowOf[column] ?? 0;
      let least = Infinity;
      let next = 0;
      for (let j = 1; j <= columns; j++) {
        if (done[j] === 1) {
          continue;
        }
        const reduced = cost(from, j) - (rowPrice[from] ?? 0) - (columnPrice[j] ?? 0);
        if (reduced < (slack[j] ?? 0)) {
          slack[j] = reduced;
          cameFrom[j] = column;
        }
        if ((slack[j] ?? 0) < least) {
          least = slack[j] ?? 0;
          next = j;
        }
      }
      for (let j = 0; j <= columns; j++) {
        if (done[j] === 1) {
          const owner = rowOf[j] ?? 0;
          rowPrice[owner] = (rowPrice[owner] ?? 0) + least;
          columnPrice[j] = (columnPrice[j] ?? 0) - least;
        } else {
          slack[j] = (slack[j] ?? 0) - least;
        }
      }
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      const before = cameFrom[column] ?? 0;
      rowOf[column] = rowOf[before] ?? 0;
      column = before;
    }
  }
  const given = new Array<number | undefined>(rows).fill(undefined);
  for (let column = 1; column <= realColumns; column++) {
    const row = rowOf[column] ?? 0;
    if (row > 0) {
      given[row - 1] = column - 1;
    }
  }
  return given;
};
