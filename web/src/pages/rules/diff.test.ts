import { describe, expect, it } from "vitest";
import { diffOf, hunksOf } from "./diff";

const sides = (before: string, after: string) => {
  const lines = diffOf(before, after);
  const side = (left: boolean) =>
    lines.filter((line) => line.op === "same" || line.op === (left ? "out" : "in")).map((line) => line.text);
  return { before: side(true), after: side(false), changed: lines.filter((line) => line.op !== "same").length };
};
const lines = (text: string) => text.split("\n").filter((_, i, all) => i < all.length - 1 || all[i] !== "");

/** The length of the longest common subsequence, by the table that everybody knows. */
function longest(a: string[], b: string[]): number {
  const row = new Array<number>(b.length + 1).fill(0);
  for (const x of a) {
    let diagonal = 0;
    b.forEach((y, j) => {
      const above = row[j + 1] ?? 0;
      row[j + 1] = x === y ? diagonal + 1 : Math.max(above, row[j] ?? 0);
      diagonal = above;
    });
  }
  return row[b.length] ?? 0;
}

describe("a line diff", () => {
  it("has both texts in it, and is as short as can be", () => {
    let seed = 20261129;
    const next = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * n);
    };
    for (let round = 0; round < 400; round++) {
      const text = () => Array.from({ length: next(14) }, () => "abcd"[next(4)]).join("\n");
      const [a, b] = [text(), text()];
      const found = sides(a, b);
      expect(found.before).toEqual(lines(a));
      expect(found.after).toEqual(lines(b));
      const same = longest(lines(a), lines(b));
      expect(found.changed).toBe(lines(a).length + lines(b).length - 2 * same);
    }
  });
  it("numbers lines, and leaves out what is far from a change", () => {
    const text = Array.from({ length: 40 }, (_, i) => `line ${i}`).join("\n");
    const shown = hunksOf(diffOf(text, text.replace("line 20", "line x")));
    expect(shown.map((line) => line?.op ?? "…").join(" ")).toBe("… same same same out in same same same …");
    expect(shown.find((line) => line?.op === "in")?.after).toBe(21);
  });
  it("ends with texts that have nothing in common", () => {
    const many = (word: string) => Array.from({ length: 5000 }, (_, i) => word + i).join("\n");
    expect(sides(many("a"), many("b")).changed).toBe(10000);
  });
});
