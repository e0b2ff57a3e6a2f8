// Axes of the funnel plot.

/** Marks of a logarithmic axis: 1, 2, 5, 10 … within the range. */
export function logMarks(low: number, high: number): number[] {
  const marks: number[] = [];
  for (let power = Math.floor(Math.log10(Math.max(1, low))); 10 ** power <= high; power++) {
    for (const step of [1, 2, 5]) {
      const mark = step * 10 ** power;
      if (mark >= low && mark <= high) marks.push(mark);
    }
  }
  return marks;
}

/** About five round marks from 0. */
export function linearMarks(high: number): number[] {
  const raw = high / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((one) => one * power >= raw) ?? 10) * power;
  const marks: number[] = [];
  for (let mark = 0; mark <= high + step / 1e6; mark += step) marks.push(Number(mark.toPrecision(6)));
  return marks;
}
