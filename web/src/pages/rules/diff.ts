// What differs between two texts, line by line: Myers' O(ND) algorithm, after what both begin and end with was put aside. Beyond
// DIFFERENCES_MAX lines that differ the middle counts as replaced as a whole.

export interface DiffLine {
  op: "same" | "out" | "in";
  text: string;
  /** Line numbers from 1, in the text where it is. */
  before?: number;
  after?: number;
}

const DIFFERENCES_MAX = 1000;

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The lines that both have, in order: pairs of places. */
function common(a: readonly string[], b: readonly string[]): [number, number][] {
  const most = Math.min(a.length + b.length, DIFFERENCES_MAX);
  const reached = new Map<number, number>([[1, 0]]);
  const trail: Map<number, number>[] = [];
  for (let d = 0; d <= most; d++) {
    trail.push(new Map(reached));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1));
      let x = down ? (reached.get(k + 1) ?? 0) : (reached.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reached.set(k, x);
      if (x >= a.length && x - k >= b.length) return back(trail, a.length, b.length);
    }
  }
  return [];
}

function back(trail: readonly Map<number, number>[], x: number, y: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let d = trail.length - 1; d >= 0; d--) {
    const reached = trail[d];
    const k = x - y;
    const down = k === -d || (k !== d && (reached?.get(k - 1) ?? -1) < (reached?.get(k + 1) ?? -1));
    const from = reached?.get(down ? k + 1 : k - 1) ?? 0;
    const start = d === 0 ? 0 : down ? from : from + 1;
    while (x > start && x > 0 && y > 0) pairs.push([--x, --y]);
    if (d > 0) [x, y] = [from, from - (down ? k + 1 : k - 1)];
  }
  return pairs.reverse();
}

export function diffOf(before: string, after: string): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const kept: [number, number][] = [
    ...Array.from({ length: head }, (_, i): [number, number] => [i, i]),
    ...common(a.slice(head, a.length - tail), b.slice(head, b.length - tail)).map(([i, j]): [number, number] => [
      i + head,
      j + head,
    ]),
    ...Array.from({ length: tail }, (_, i): [number, number] => [a.length - tail + i, b.length - tail + i]),
    [a.length, b.length],
  ];
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  for (const [x, y] of kept) {
    for (; i < x; i++) lines.push({ op: "out", text: a[i] ?? "", before: i + 1 });
    for (; j < y; j++) lines.push({ op: "in", text: b[j] ?? "", after: j + 1 });
    if (i < a.length && j < b.length) lines.push({ op: "same", text: a[i] ?? "", before: ++i, after: ++j });
  }
  return lines;
}

/** Only what differs, with some lines around it; null stands for what is left out. */
export function hunksOf(lines: readonly DiffLine[], around = 3): (DiffLine | null)[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some((line) => line.op !== "same"),
  );
  return lines.flatMap((line, at) => (near[at] ? [line] : at === 0 || near[at - 1] ? [null] : []));
}
