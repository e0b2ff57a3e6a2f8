import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { STANDING } from "./standing";

const DESK = new URL("../../../src/desk/", import.meta.url);

describe("standing sentences", () => {
  it("are what the daemon writes, to the letter", () => {
    const source = readdirSync(DESK)
      .filter((name) => name.endsWith(".c"))
      .map((name) => readFileSync(new URL(name, DESK), "utf8"))
      .join("");
    for (const sentence of Object.keys(STANDING)) expect(source).toContain(`"${sentence}"`);
  });
});
