/** C-00000012, c-12, #12 or 12 → 12; anything else is no number of a record. */
export function numberOf(text: string): number | undefined {
  const digits = /^\s*(?:[A-Za-z]{1,3}-|#)?0*(\d{1,15})\s*$/.exec(text)?.[1];
  return digits !== undefined && Number(digits) > 0 ? Number(digits) : undefined;
}
