// The first lines of a file as cells, to choose columns by. The daemon reads the file itself.

/** The one of comma, tab, semicolon and bar that the first line has most of. */
export function separatorOf(head: string): string {
  const first = head.split(/\r?\n/, 1)[0] ?? "";
  const times = (separator: string) => first.split(separator).length;
  return [",", "\t", ";", "|"].sort((a, b) => times(b) - times(a))[0] ?? ",";
}

export function cellsOf(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const c = line[at] as string;
    if (quoted && c === '"' && line[at + 1] === '"') {
      cell += '"';
      at++;
    } else if (c === '"') quoted = !quoted;
    else if (c === separator && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += c;
  }
  cells.push(cell.trim());
  return cells;
}
