// `rejects` of an inquiry: a line for each row of the bank's answer that was not taken, "4: Direction: 01 or 02 is expected".
export interface RejectedRow {
  row: string;
  why: string;
}

export function rejectedRows(text: string | null | undefined): RejectedRow[] {
  return (text ?? "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const at = line.indexOf(":");
      return { row: line.slice(0, at).trim(), why: line.slice(at + 1).trim() };
    });
}
