import { describe, expect, it } from "vitest";
import { periodOf } from "./period";

describe("periods of bulletins", () => {
  it("are whole days of the centre's calendar, also when it is still yesterday elsewhere", () => {
    const now = Date.parse("2026-11-29T17:30:00Z"); // 01:30 of the 30th in the centre
    expect(periodOf("today", now)).toEqual({
      from: "2026-11-30T00:00:00+08:00",
      to: "2026-12-01T00:00:00+08:00",
      days: "2026-11-30",
    });
    expect(periodOf("yesterday", now)).toMatchObject({ to: "2026-11-30T00:00:00+08:00", days: "2026-11-29" });
    expect(periodOf("week", now).days).toBe("2026-11-24 – 2026-11-30");
    expect(periodOf("month", now).from).toBe("2026-11-01T00:00:00+08:00");
  });
});
