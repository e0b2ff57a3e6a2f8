// Texts of the console: Chinese first, English complete. A dictionary is made by `texts`, whose type asks for the same keys
// in both languages, so a missing one does not compile; texts.test.ts checks the rest of all dictionaries.

export type Language = "zh" | "en";

export interface Dictionary<K extends string = string> {
  readonly zh: Readonly<Record<K, string>>;
  readonly en: Readonly<Record<K, string>>;
}

/** Every dictionary that was made: for the test. */
export const dictionaries: Dictionary[] = [];

/** `{name}` in a text is replaced by the value that is given for it. */
export function texts<const Z extends Record<string, string>>(
  zh: Z,
  en: { readonly [K in keyof Z]: string },
): Dictionary<keyof Z & string> {
  const made = { zh, en } as Dictionary<keyof Z & string>;
  dictionaries.push(made);
  return made;
}

export type Values = Record<string, string | number>;

export function fill(text: string, values?: Values): string {
  return values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : text;
}

/** A text in both languages, as tables of pages and columns have it. */
export type Both = readonly [zh: string, en: string];

export function pick(both: Both, language: Language): string {
  return both[language === "zh" ? 0 : 1];
}
