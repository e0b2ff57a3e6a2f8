// Fund tracing, accounts, import, rules, statistics. The scene has a victim's transfer V1 through three layers.
import { NEVER_EMPTY } from "../states.mjs";

const ready = (page) => page.locator("[data-trace-ready] .trace-canvas[data-nodes]").waitFor();
const mule = encodeURIComponent("account:6228480402564800001");

export default [
  { name: "trace-empty", as: "analyst", states: "none", path: () => "/trace" },
  { name: "trace", as: "analyst", states: NEVER_EMPTY, path: () => "/trace?transfer=V1", before: ready },
  {
    name: "trace-selected",
    as: "analyst",
    path: () => "/trace?transfer=V1&depth=2",
    before: async (page) => {
      await ready(page);
      await page.locator(".trace-canvas").focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await page.locator(".inspector h2").waitFor();
    },
  },
  {
    name: "trace-methods",
    as: "analyst",
    path: () => "/trace?transfer=V1&depth=9",
    before: async (page) => {
      await ready(page);
      await page.locator(".trace-bar .ant-segmented-item").nth(2).click();
      await page.locator(".methods .queue-row").first().waitFor();
    },
    // The next size looks at the same page: back to the graph.
    after: (page) => page.locator(".trace-bar .ant-segmented-item").first().click(),
  },
  { name: "trace-missing", as: "analyst", states: "none", path: () => "/trace?transfer=NOSUCH", refused: /status of 404/ },
  {
    name: "trace-stop",
    as: "duty",
    states: "none",
    path: () => "/trace?transfer=V1",
    before: async (page) => {
      await ready(page);
      await page.locator("[data-stop-orders]").click();
      await page.locator("[data-propose]").waitFor();
      await page.waitForTimeout(300);
    },
    after: (page) => page.keyboard.press("Escape"),
  },
  { name: "accounts", as: "analyst", states: "none", path: () => "/accounts" },
  {
    name: "account",
    as: "analyst",
    path: () => `/accounts/${mule}`,
    before: (page) => page.locator(".data-table .queue-row").first().waitFor(),
  },
  { name: "account-missing", as: "analyst", states: "none", path: () => "/accounts/account%3A999", refused: /status of 404/ },
  { name: "import", as: "analyst", path: () => "/import" },
  {
    name: "import-map",
    as: "analyst",
    path: () => "/import",
    before: async (page) => {
      const csv = "流水号,交易时间,付款账号,收款账号,金额\nI1,2026-11-25 09:50:00,6217001830009990001,6228480402564890001,\"1,200.00\"\nI2,不是时间,6217001830009990001,6228480402564890001,5\n";
      await page.locator("input[type=file]").setInputFiles({ name: "bank.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
      await page.locator(".ant-modal input").first().fill("侦办案件调取的银行流水");
      await page.locator(".ant-modal input").first().press("Enter");
      await page.locator(".cell-bad").first().waitFor();
    },
  },
  { name: "import-forbidden", as: "duty", states: "none", path: () => "/import" },
  {
    name: "rules",
    as: "analyst",
    path: () => "/rules",
    before: async (page) => {
      await page.locator(".rules-file", { hasText: "mule/run_point.rule" }).click();
      await page.locator(".rules-text").waitFor();
      await page.waitForTimeout(300);
    },
  },
  {
    name: "rules-checked",
    as: "analyst",
    path: () => "/rules",
    before: async (page) => {
      await page.locator(".rules-file", { hasText: "mule/run_point.rule" }).click();
      await page.locator(".rules-text").fill("rule broken {\n    when payee.in_count_1h >\n}\n");
      await page.locator("[data-check-rules]").click();
      await page.locator(".rules-problems li").first().waitFor();
    },
  },
  { name: "rules-forbidden", as: "duty", states: "none", path: () => "/rules" },
  { name: "statistics", as: "commander", path: () => "/statistics", before: (page) => page.locator(".data-table").first().waitFor() },
];
