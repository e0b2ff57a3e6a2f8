// A bank's file as rows, read as a stream: a file of any size takes the memory of one piece. CSV by RFC 4180 (quoted cells may
// hold separators and line breaks), or NDJSON. Exported Chinese files are UTF-8 or GB 18030: the first piece says which.

export type Format = "csv" | "ndjson";

export interface SourceRow {
  /** Where it begins in the file, from 1. */
  line: number;
  text: string;
  cells: string[];
}

const HEAD_BYTES = 65536;

export async function encodingOf(file: Blob): Promise<"utf-8" | "gb18030"> {
  const head = await file.slice(0, HEAD_BYTES).arrayBuffer();
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return "utf-8";
  } catch {
    return "gb18030";
  }
}

export function formatOf(name: string, head: string): Format {
  return /\.(ndjson|jsonl|json)$/i.test(name) || head.trimStart().startsWith("{") ? "ndjson" : "csv";
}

/** The one of comma, tab, semicolon and bar that the first line has most of. */
export function separatorOf(head: string): string {
  const first = head.split(/\r?\n/, 1)[0] ?? "";
  const times = (separator: string) => first.split(separator).length;
  return [",", "\t", ";", "|"].sort((a, b) => times(b) - times(a))[0] ?? ",";
}

/** Cuts text into rows as it comes; `end` gives what is left. */
export class RowReader {
  private readonly separator: string | null;
  private rest = "";
  private line = 1;

  /** null: lines, not cells. */
  constructor(separator: string | null) {
    this.separator = separator;
  }

  push(text: string): SourceRow[] {
    this.rest += text;
    return this.take(false);
  }

  end(): SourceRow[] {
    return this.take(true);
  }

  private take(all: boolean): SourceRow[] {
    const rows: SourceRow[] = [];
    let begin = 0;
    for (;;) {
      const end = this.lineEnd(begin);
      if (end < 0 && !(all && begin < this.rest.length)) break;
      const text = this.rest.slice(begin, end < 0 ? undefined : end).replace(/\r$/, "");
      if (text.trim() !== "") {
        rows.push({ line: this.line, text, cells: this.separator === null ? [] : cellsOf(text, this.separator) });
      }
      this.line += 1 + (text.match(/\n/g)?.length ?? 0);
      if (end < 0) {
        begin = this.rest.length;
        break;
      }
      begin = end + 1;
    }
    this.rest = this.rest.slice(begin);
    return rows;
  }

  /** The line break that ends the row beginning here; -1: it has not come yet. */
  private lineEnd(begin: number): number {
    const end = this.rest.indexOf("\n", begin);
    if (this.separator === null || end < 0 || !this.rest.slice(begin, end).includes('"')) return end;
    let quoted = false;
    for (let at = begin; at < this.rest.length; at++) {
      const c = this.rest[at];
      if (c === '"') quoted = !quoted;
      else if (c === "\n" && !quoted) return at;
    }
    return -1;
  }
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

/** Rows of a file, in pieces, with how many bytes of it were read. */
export async function* rowsOf(
  file: Blob,
  encoding: string,
  separator: string | null,
): AsyncGenerator<{ rows: SourceRow[]; bytes: number }> {
  const decoder = new TextDecoder(encoding);
  const reader = file.stream().getReader();
  const cutter = new RowReader(separator);
  let bytes = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    yield { rows: cutter.push(decoder.decode(value, { stream: true })), bytes };
  }
  yield { rows: [...cutter.push(decoder.decode()), ...cutter.end()], bytes };
}
