// What a file of rules holds, for the list beside it: the heads of its blocks. The daemon checks the language; this only finds
// "rule NAME {", its version, its status and its typology.

export interface Heading {
  kind: string;
  name: string;
  line: number;
  version: string;
  isDraft: boolean;
  typology: string;
}

export function outlineOf(text: string): Heading[] {
  const found: Heading[] = [];
  text.split("\n").forEach((line, at) => {
    const head = /^\s*(rule|typology|pattern)\s+([\w.-]+)\s*\{/.exec(line);
    if (head) {
      found.push({ kind: head[1] ?? "", name: head[2] ?? "", line: at + 1, version: "", isDraft: false, typology: "" });
      return;
    }
    const last = found.at(-1);
    const member = /^\s*(version|status|typology)\s+(\S+)/.exec(line);
    if (!last || !member) return;
    if (member[1] === "version") last.version = member[2] ?? "";
    if (member[1] === "status") last.isDraft = member[2] === "draft";
    if (member[1] === "typology") last.typology = member[2] ?? "";
  });
  return found;
}

/** The byte of a line and column, for the caret; columns count characters from 1. */
export function placeOf(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const before = lines.slice(0, Math.max(0, line - 1)).reduce((sum, one) => sum + one.length + 1, 0);
  const at = [...(lines[line - 1] ?? "")].slice(0, Math.max(0, column - 1)).join("").length;
  return Math.min(text.length, before + at);
}
