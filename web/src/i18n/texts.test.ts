import { expect, test } from "vitest";
import { dictionaries, fill, pick } from "./texts";

// Every file that makes a dictionary, so that none is left out.
import.meta.glob(["../**/*.{ts,tsx}", "!../**/*.test.{ts,tsx}", "!../main.tsx", "!../**/*.worker.ts"], { eager: true });

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

test("all dictionaries have both languages, with the same places, and no empty text", () => {
  expect(dictionaries.length).toBeGreaterThan(3);
  for (const dictionary of dictionaries) {
    expect(Object.keys(dictionary.en).sort()).toEqual(Object.keys(dictionary.zh).sort());
    for (const [key, zh] of Object.entries(dictionary.zh)) {
      const en = dictionary.en[key] ?? "";
      expect(zh.trim(), key).not.toBe("");
      expect(en.trim(), key).not.toBe("");
      expect(places(en), key).toEqual(places(zh));
      expect(en, `${key}: Chinese in the English text`).not.toMatch(/[\u4e00-\u9fff]/);
    }
  }
});

test("values are put in", () => {
  expect(fill("{n} of {all}", { n: 1, all: 2 })).toBe("1 of 2");
  expect(fill("{n}", {})).toBe("{n}");
  expect(pick(["中", "en"], "en")).toBe("en");
});
