// Pages of command: operations, the wall, bulletins, returns, audit, administration.
import { NEVER_EMPTY } from "../states.mjs";

const figures = async (page) => page.locator("table.plain").first().waitFor();

export default [
  { name: "war-room", as: "commander", path: () => "/war-room", reload: true, before: (page) => page.locator(".war-district").first().waitFor() },
  { name: "operations", as: "commander", path: () => "/operations" },
  { name: "operation", as: "commander", path: (scene) => `/operations/${scene.operation}`, before: figures },
  { name: "target", as: "commander", path: (scene) => `/targets/${scene.target}` },
  { name: "bulletins", as: "analyst", path: () => "/bulletins" },
  { name: "bulletin", as: "analyst", states: NEVER_EMPTY, path: (scene) => `/bulletins/${scene.bulletin}`, before: figures },
  { name: "bulletin-draft", as: "analyst", states: NEVER_EMPTY, path: (scene) => `/bulletins/${scene.draft_bulletin}`, before: figures },
  { name: "returns", as: "commander", path: () => "/returns" },
  { name: "return", as: "commander", path: (scene) => `/returns/${scene.returned}` },
  {
    name: "return-new",
    as: "investigator",
    states: "none",
    path: (scene) => `/freezes/${scene.freeze}`,
    before: async (page) => {
      await page.locator("[data-make=draft]").click();
      await page.locator("[data-fill-losses]").click();
      await page.waitForFunction(() => document.querySelector(".losses tbody input")?.value.length > 1);
      await page.waitForTimeout(250);
    },
    after: (page) => page.keyboard.press("Escape"),
  },
  {
    name: "home-auditor",
    as: "auditor",
    states: "none",
    path: () => "/",
    before: (page) => page.locator(".audit-day").waitFor(),
  },
  { name: "audit", as: "auditor", path: () => "/audit", before: figures },
  { name: "administration", as: "administrator", states: "none", path: () => "/administration" },
];
