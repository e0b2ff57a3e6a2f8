// The front line, measures, leads and cases.
import { NEVER_EMPTY } from "../states.mjs";

async function dialog(page, open) {
  await page.locator(open).first().click();
  await page.locator(".ant-modal").waitFor();
  await page.waitForTimeout(250);
}

const close = (page) => page.keyboard.press("Escape");

async function tab(page, name) {
  await page.getByRole("tab", { name }).first().click();
  await page.waitForTimeout(400);
}

const SAID =
  "我是王小明，手机13977110001，今天上午9点40分被骗向李四账户6228480402564890018转了5万元，后又向6222021234567890123转了12000元";

export default [
  { name: "warnings", as: "duty", path: () => "/warnings" },
  {
    name: "warnings-selected",
    as: "duty",
    path: () => "/warnings?view=new",
    before: async (page) => {
      await page.locator("[data-queue] .queue-row").first().waitFor();
      await page.locator("[data-queue]").focus();
      for (const key of ["x", "j", "x", "j"]) await page.keyboard.press(key);
      await page.locator(".bulk-bar").waitFor();
    },
  },
  { name: "warning", as: "duty", path: (ids) => `/warnings/${ids.warnings[6]}` },
  {
    name: "warning-attempt",
    as: "duty",
    path: (ids) => `/warnings/${ids.warnings[6]}`,
    before: async (page) => {
      await page.locator("[data-choice=visit]").click();
      await page.locator("[data-choice=reached]").click();
      await page.waitForTimeout(200);
    },
  },
  {
    name: "warning-act",
    as: "duty",
    path: (ids) => `/warnings/${ids.warnings[6]}`,
    before: (page) => dialog(page, "[data-act]"),
    after: close,
  },
  {
    name: "warning-purpose",
    as: "duty",
    path: (ids) => `/warnings/${ids.warnings[6]}`,
    before: (page) => dialog(page, ".record-acts > .ant-btn"),
    after: close,
  },
  { name: "warning-closing", as: "commander", path: (ids) => `/warnings/${ids.warnings[8]}` },
  {
    name: "warning-new",
    as: "duty",
    path: () => "/warnings",
    before: (page) => dialog(page, "[data-make=create]"),
    after: close,
  },
  { name: "intake", as: "duty", states: "none", path: () => "/intake" },
  {
    name: "intake-parsed",
    as: "duty",
    states: "none",
    path: () => "/intake",
    before: async (page) => {
      await page.locator(".paste textarea").fill(SAID);
      await page.locator("[data-parse=run]").click();
      await page.locator("[data-transfer='1']").waitFor();
      await page.getByLabel(/^(姓名|Name)/).fill("");
      await page.locator(".intake-submit button").click(); // without a name: the mistake is shown
      await page.locator(".field-error").first().waitFor();
    },
  },
  { name: "reports", as: "duty", path: () => "/reports" },
  { name: "report", as: "duty", path: (ids) => `/reports/${ids.reports[0]}` },
  { name: "stops", as: "commander", path: () => "/stops" },
  { name: "stops-proposed", as: "commander", path: () => "/stops?view=proposed" },
  { name: "stop", as: "commander", states: NEVER_EMPTY, path: (ids) => `/stops/${ids.stop}` },
  { name: "stop-proposed", as: "commander", states: NEVER_EMPTY, path: (ids) => `/stops/${ids.proposed_stop}` },
  { name: "freezes", as: "commander", path: () => "/freezes" },
  { name: "freeze", as: "commander", states: NEVER_EMPTY, path: (ids) => `/freezes/${ids.freeze}` },
  { name: "inquiries", as: "commander", path: () => "/inquiries?view=all" },
  { name: "inquiry", as: "commander", states: NEVER_EMPTY, path: (ids) => `/inquiries/${ids.inquiry}` },
  { name: "inquiry-proposed", as: "approver", states: NEVER_EMPTY, path: (ids) => `/inquiries/${ids.proposed_inquiry}` },
  {
    name: "inquiry-new",
    as: "investigator",
    states: "none",
    path: (ids) => `/cases/${ids.case}`,
    before: async (page) => {
      await tab(page, /交易明细查询|Bank inquiries/);
      await dialog(page, ".record-main [data-make=propose]");
    },
    after: close,
  },
  { name: "leads", as: "commander", path: () => "/leads" },
  { name: "lead", as: "commander", path: (ids) => `/leads/${ids.leads[0]}` },
  { name: "cases", as: "commander", path: () => "/cases" },
  { name: "case", as: "investigator", path: (ids) => `/cases/${ids.case}` },
  {
    name: "case-measures",
    as: "investigator",
    path: (ids) => `/cases/${ids.case}`,
    before: (page) => tab(page, /止付冻结|Measures/),
  },
  {
    name: "case-inquiries",
    as: "investigator",
    path: (ids) => `/cases/${ids.case}`,
    before: (page) => tab(page, /交易明细查询|Bank inquiries/),
  },
  {
    name: "case-history",
    as: "investigator",
    path: (ids) => `/cases/${ids.case}`,
    before: (page) => tab(page, /办理经过|History/),
  },
  {
    name: "case-evidence",
    as: "investigator",
    path: (ids) => `/cases/${ids.case}`,
    before: (page) => tab(page, /^证据|Evidence/),
  },
];
