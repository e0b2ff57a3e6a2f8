import { expect, test } from "vitest";
import { actWords } from "./actWords";

test("an act's code reads as what one does", () => {
  expect(actWords("discard")).toBe("Discard");
  expect(actWords("release_propose")).toBe("Propose release");
  expect(actWords("approve_closing")).toBe("Approve closing");
  expect(actWords("not_found_yet")).toBe("Not found yet");
});
