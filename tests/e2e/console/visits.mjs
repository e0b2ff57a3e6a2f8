// Which pages the tests look at, as whom; `refused` are answers that it is about. `before` opens what is not there at once (a dialog); `after` closes it. `states` are those
// of states.mjs that the page can be in ("none": it reads nothing of its own); not given: all. Each subject may bring its own list:
// visits/NAME.mjs with a default export like this one.
import { readdirSync } from "node:fs";
import { NEVER_EMPTY } from "./states.mjs";

const own = [
  { name: "sign-in", as: null, path: () => "/", reload: true },
  { name: "home-duty", as: "duty", path: () => "/" },
  { name: "home-commander", as: "commander", path: () => "/" },
  { name: "home-auditor", as: "auditor", path: () => "/" },
  { name: "partner", as: "bank.teller", path: () => "/", before: (page) => page.locator("[data-answer]").waitFor() },
  {
    name: "partner-answer",
    as: "bank.teller",
    path: () => "/",
    before: async (page) => {
      await page.locator(".data-row").first().dblclick();
      await page.locator(".partner-answers").waitFor();
    },
    after: (page) => page.keyboard.press("Escape"),
  },
  {
    name: "partner-answered",
    as: "bank.teller",
    path: () => "/",
    before: async (page) => {
      await page.getByRole("tab", { name: /^(已反馈|Answered)$/ }).click();
      await page.locator(".data-row").first().waitFor();
    },
    after: (page) => page.getByRole("tab", { name: /^(待反馈|Waiting)/ }).click(),
  },
  {
    name: "search",
    as: "duty",
    path: () => "/search?q=139771",
    reload: true,
    before: (page) => page.locator(".hit").first().waitFor(),
  },
  { name: "search-empty", as: "duty", states: "none", path: () => "/search", reload: true },
  { name: "approvals", as: "commander", path: () => "/approvals" },
  { name: "records", as: "commander", path: () => "/records/units" },
  { name: "record", as: "commander", states: NEVER_EMPTY, path: () => "/records/units/1" },
  { name: "forbidden", as: "duty", states: "none", path: () => "/approvals" },
  { name: "missing", as: "duty", states: "none", path: () => "/records/units/999", refused: /status of 404/ },
  { name: "nowhere", as: "duty", states: "none", path: () => "/no/such/page" },
  { name: "password", as: "duty", states: "none", path: () => "/password" },
  {
    name: "help",
    as: "duty",
    states: "none",
    path: () => "/password",
    before: async (page) => {
      await page.locator("main h1").focus();
      await page.keyboard.press("?");
      await page.locator(".key-list").first().waitFor();
      await page.waitForTimeout(300);
    },
    after: (page) => page.keyboard.press("Escape"),
  },
];

const folder = new URL("./visits/", import.meta.url);
export const visits = [...own];
for (const name of readdirSync(folder).sort()) {
  visits.push(...(await import(new URL(name, folder).href)).default);
}
