// No mouse: each queue and the graph of a trace, from the menu to what was done, by keys alone; and `?` says which.
import { Failures, launch, newPage, password, scene, settle, takeFaults, url } from "./browser.mjs";

const browser = await launch();
const failures = new Failures();
const only = process.argv[2];

function expect(good, text) {
  if (!good) throw new Error(text);
}

/** Signed in by typing; a mouse that moves is a mistake of the test. */
async function enter(login) {
  const page = await newPage(browser);
  for (const name of ["click", "move", "down", "dblclick", "wheel"]) {
    page.mouse[name] = () => {
      throw new Error(`mouse.${name}`);
    };
  }
  await page.goto(url);
  await page.locator("input:focus").waitFor();
  await page.keyboard.type(login);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.locator("main#main").waitFor();
  await settle(page);
  return page;
}

const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};

const focused = (page, of) => page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, of);

/** Tab until what has the focus is what was meant. */
async function tabTo(page, selector, key = "Tab", most = 60) {
  for (let n = 0; n < most; n++) {
    if (await focused(page, selector)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${most} times ${key} and not at ${selector}: ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 160))}`);
}

/** The page is drawn, and hears its keys: the address comes before it. */
const arrive = (page, path) => page.waitForFunction((at) => document.querySelector("main")?.dataset.path === at, path);

/** To a page by the menu. */
async function open(page, path) {
  await press(page, "M");
  await page.locator(".nav-link:focus").waitFor();
  await press(page, ...Array(40).fill("ArrowUp"));
  await tabTo(page, `.nav-link[href="${path}"]`, "ArrowDown");
  await press(page, "Enter");
  await arrive(page, path);
  await settle(page);
}

/** The queue's nth view: its own tab is the active one before its rows are asked for. */
async function view(page, n) {
  await press(page, String(n));
  await page.waitForFunction((at) => document.querySelectorAll(".queue-views .ant-tabs-tab")[at]?.classList.contains("ant-tabs-tab-active"), n - 1);
  await settle(page);
}

/** What `?` lists here. */
async function listed(page) {
  await press(page, "?");
  await page.locator(".key-list dt").first().waitFor();
  const keys = await page.locator(".key-list dt").allTextContents();
  await press(page, "Escape");
  await page.locator(".ant-modal-wrap").waitFor({ state: "detached" }).catch(() => page.locator(".ant-modal-wrap").waitFor({ state: "hidden" }));
  return keys;
}

const MAIN_BUTTON = ".ant-modal-footer .ant-btn-primary, .ant-modal-footer .ant-btn-dangerous";

/** The dialog that is open is sent, and leaves. */
async function confirm(page) {
  await page.locator(".ant-modal").waitFor();
  await tabTo(page, MAIN_BUTTON);
  await press(page, "Enter");
  await page.locator(".ant-modal").waitFor({ state: "detached" });
}

const stateIs = (page, wanted) =>
  page.waitForFunction((state) => document.querySelector("[data-record]")?.getAttribute("data-state") === state, wanted);

/** j to the queue, and to the row whose text has this; Enter opens it. */
async function openRow(page, has) {
  for (let n = 0; n < 600 && !(await focused(page, "[data-queue]")); n++) {
    await press(page, "j");
    await page.waitForTimeout(100); // the rows of a view that was just chosen are on their way
  }
  for (let n = 0; n < 40; n++) {
    if (!has || (await page.locator(".queue-row.is-at").textContent()).includes(has)) {
      await press(page, "Enter");
      await page.locator("[data-record]").waitFor();
      return settle(page);
    }
    await press(page, "j");
  }
  throw new Error(`no row has ${has}`);
}

const number = (prefix, id) => `${prefix}-${String(id).padStart(8, "0")}`;

/** The key that does the act on the record's page, as `?` has it. */
async function keyOf(page, text) {
  await press(page, "?");
  await page.locator(".key-list dt").first().waitFor();
  const key = await page.locator(".key-list > div", { hasText: text }).first().locator("dt").textContent();
  await press(page, "Escape");
  await page.waitForFunction(() => ![...document.querySelectorAll(".ant-modal-wrap")].some((one) => getComputedStyle(one).display !== "none"));
  return key;
}

const walks = {
  async "warnings: several signed for at once, one worked"() {
    const page = await enter("duty");
    await open(page, "/warnings");
    const keys = await listed(page);
    for (const key of ["j", "k", "Enter", "x", "Shift+f", "1", "/", "?"]) expect(keys.includes(key), `? does not list ${key}: ${keys}`);
    expect(!keys.includes("b"), "? lists what does not work yet");
    await press(page, "j", "x", "j", "x");
    await page.locator(".bulk-bar").waitFor();
    expect((await listed(page)).includes("b"), "? does not list b");
    await press(page, "b", "Enter");
    await page.locator(".ant-modal").waitFor();
    await tabTo(page, "[data-bulk-run], .ant-modal-footer .ant-btn-primary");
    await press(page, "Enter");
    await page.locator(".bulk-results li").nth(1).waitFor();
    await tabTo(page, ".ant-modal-footer .ant-btn-primary");
    await press(page, "Enter");
    await page.locator(".ant-modal").waitFor({ state: "detached" });
    await open(page, "/approvals").catch(() => undefined); // a duty officer has none
    await open(page, "/warnings");
    await openRow(page);
    if ((await page.locator("[data-act=sign]").count()) > 0) {
      await press(page, await keyOf(page, "签收"));
      await confirm(page);
      await stateIs(page, "signed");
    }
    await press(page, "d");
    await tabTo(page, "form.attempt [data-choice=phone]");
    await press(page, "Enter");
    await tabTo(page, "form.attempt [data-choice=refused]");
    await press(page, "Enter");
    await tabTo(page, "[data-attempt=save]");
    await press(page, "Enter");
    await page.locator(".timeline li").first().waitFor();
    await stateIs(page, "working");
    const at = page.url();
    await press(page, "n");
    await page.waitForFunction((before) => location.href !== before, at);
    return page;
  },

  async "leads: one given to somebody"() {
    const page = await enter("commander");
    await open(page, "/leads");
    await openRow(page, "前端引流");
    await press(page, await keyOf(page, "指派"));
    await page.locator(".ant-modal input:focus").waitFor();
    await page.keyboard.type("用户investigator");
    await press(page, "Enter");
    await confirm(page);
    await stateIs(page, "assigned");
    await press(page, "t");
    await press(page, "B");
    await arrive(page, "/leads");
    return page;
  },

  async "reports: a call from the queue to the trace"() {
    const page = await enter("duty");
    await open(page, "/reports");
    await openRow(page);
    await press(page, "B");
    await arrive(page, "/reports");
    await settle(page);
    await press(page, "c");
    await page.locator(".paste textarea:focus").waitFor();
    await page.keyboard.type("我叫覃美兰，手机13977110041，今天上午9点20分向账户6228480402564800001转了5万元");
    await tabTo(page, "[data-parse=run]");
    await press(page, "Enter");
    await page.waitForFunction(() => document.querySelector("[data-transfer='0'] input")?.value.includes("6228480402564800001"));
    await tabTo(page, ".intake-submit button");
    await press(page, "Enter");
    await page.locator("[data-taken]").waitFor();
    await page.locator(".next-steps h2:focus").waitFor();
    expect((await page.locator("main").evaluate((main) => main.scrollTop)) === 0, "the page stays scrolled");
    await tabTo(page, "[data-next=trace]");
    await press(page, "Enter");
    await page.waitForFunction(() => location.pathname === "/trace" && location.search.includes("report="));
    await page.locator("[data-trace-ready]").waitFor();
    return page;
  },

  async "stops: one approved, with its reason in full"() {
    const page = await enter("approver");
    await open(page, "/stops");
    await view(page, 2);
    await openRow(page, number("Z", scene.proposed_stop));
    await press(page, "R");
    await page.locator(".record-head .note-warning").waitFor();
    await press(page, await keyOf(page, "批准"));
    await confirm(page);
    await stateIs(page, "approved");
    return page;
  },

  async "freezes: one refused, with its reason"() {
    const page = await enter("approver");
    await open(page, "/freezes");
    await view(page, 2);
    await openRow(page, number("D", scene.proposed_freeze));
    await press(page, await keyOf(page, "不批准"));
    await page.locator(".ant-modal textarea:focus, .ant-modal input:focus").waitFor();
    await page.keyboard.type("材料不齐，补充后再报");
    await confirm(page);
    await stateIs(page, "refused");
    return page;
  },

  async "approvals: row by row"() {
    const page = await enter("commander");
    await open(page, "/approvals");
    await page.locator("[data-decide]").first().waitFor();
    expect((await listed(page)).includes("j"), "? does not list j");
    await press(page, "j");
    await tabTo(page, "[data-decide]");
    const what = await page.evaluate(() => document.activeElement.dataset.decide);
    await press(page, "Enter");
    await page.locator(".ant-modal").waitFor();
    for (const field of await page.locator(".ant-modal .field:has(.required)").all()) {
      const input = field.locator("input:not([type=checkbox]), textarea").first();
      if ((await input.inputValue()) !== "") continue;
      await tabTo(page, `#${await input.getAttribute("id").then((id) => `\\${id.slice(0, 1).codePointAt(0).toString(16)} ${id.slice(1)}`)}`);
      await page.keyboard.type("A4501032026112500099");
    }
    await confirm(page);
    await page.locator(`[data-decide="${what}"]`).waitFor({ state: "detached" });
    return page;
  },

  async "tasks of a case: one done"() {
    const page = await enter("investigator");
    await open(page, "/cases");
    await openRow(page, "王小明");
    for (let n = 0; n < 14 && (await page.locator(".ant-tabs-tab-active", { hasText: "任务" }).count()) === 0; n++) await press(page, "t");
    await settle(page);
    await page.locator("[data-row-act]").first().waitFor();
    await press(page, "j");
    await tabTo(page, ".row-more");
    await press(page, "Enter");
    await page.locator(".ant-dropdown-menu-item").first().waitFor();
    await tabTo(page, '.ant-dropdown-menu-item[data-menu-id$="-done"], .ant-dropdown-menu-item[data-menu-id$="-finish"]', "ArrowDown", 8);
    await press(page, "Enter");
    await page.locator(".ant-modal").waitFor();
    if ((await page.locator(".ant-modal .field:has(.required)").count()) > 0) await page.keyboard.type("已调取");
    await confirm(page);
    await page.locator("tbody tr", { hasText: /已完成|已办/ }).first().waitFor();
    return page;
  },

  async "a trace: the whole graph"() {
    const page = await enter("analyst");
    await open(page, "/trace");
    await tabTo(page, "main input[type=text]");
    await page.keyboard.type("V1");
    await press(page, "Enter");
    const drawn = async () => Number(await page.locator(".trace-canvas[data-nodes]").getAttribute("data-nodes"));
    await page.locator(".trace-canvas[data-nodes]").waitFor();
    await page.locator(".data-table .queue-row").first().waitFor();
    const keys = await listed(page);
    for (const key of ["e", "h", "Shift+h", "o", "a", "u", "y", "f", "x", "s", "b", "p", "v", "m", "t", "g", "c", "l", ".", "+"]) {
      expect(keys.includes(key), `? does not list ${key}: ${keys}`);
    }
    expect(keys.includes("Shift+e"), "? does not list the export");
    const all = await drawn();
    await press(page, "g");
    await page.locator(".trace-canvas:focus").waitFor();
    // Along the money, expand and fold, hide, undo, redo.
    await press(page, "ArrowRight", "ArrowRight");
    await page.locator(".inspector h2").waitFor();
    await press(page, "e");
    await page.waitForFunction((n) => Number(document.querySelector(".trace-canvas").dataset.nodes) < n, all);
    await press(page, "e");
    await page.waitForFunction((n) => Number(document.querySelector(".trace-canvas").dataset.nodes) === n, all);
    await press(page, "h");
    expect((await drawn()) === all - 1, "h hides nothing");
    await press(page, "u");
    expect((await drawn()) === all, "u does not undo");
    await press(page, "y");
    expect((await drawn()) === all - 1, "y does not redo");
    await press(page, "a");
    expect((await drawn()) === all, "a does not show all");
    // A flow of the account, and what it is made of.
    await press(page, "g", "Escape", "ArrowRight", "ArrowRight", ".");
    await page.locator(".inspect-transfer").first().waitFor();
    // Several chosen: x, on to the next, x.
    await press(page, "g", "Escape", "ArrowRight", "ArrowRight", "x", "ArrowRight", "x");
    expect((await page.locator("[data-stop-orders]").textContent()).includes("2"), "two are not selected");
    await press(page, "o");
    await page.locator(".trace-left", { hasText: "已折叠 2 个" }).waitFor();
    await press(page, "u");
    // The time, the tables, the pictures, the methods.
    await press(page, "b");
    await page.locator(".brush input:focus").waitFor();
    const rows = () => page.locator("[role=tab]").first().textContent();
    const before = await rows();
    for (let n = 0; n < 6; n++) await press(page, "PageUp");
    await page.waitForFunction((text) => document.querySelector("[role=tab]").textContent !== text, before);
    await press(page, "u");
    await press(page, "p", "p", "u");
    await press(page, "t");
    await page.locator("[role=tab]:focus").waitFor();
    await press(page, "ArrowRight", "ArrowRight");
    await press(page, "g", "j");
    await page.locator(".data-scroll:focus").waitFor();
    await press(page, "v");
    await page.locator(".chart canvas").waitFor();
    await press(page, "v");
    await page.locator(".methods .queue-row").first().waitFor();
    await press(page, "v", "m");
    await page.getByRole("button", { name: "方法：后进先出" }).waitFor();
    await page.locator(".trace-canvas[data-nodes]").waitFor();
    // Export, and stops from what is selected.
    await press(page, "E");
    await page.locator(".ant-dropdown-menu-item").first().waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      (async () => {
        await press(page, "ArrowDown", "ArrowDown", "ArrowDown", "Enter");
      })(),
    ]);
    expect(/\.(csv|svg|json|png)$/.test(file.suggestedFilename()), file.suggestedFilename());
    await press(page, "g", "ArrowRight", "ArrowRight", "s");
    await page.locator(".ant-modal textarea:focus").waitFor();
    await tabTo(page, "[data-propose]");
    await press(page, "Enter");
    await page.locator(".bulk-results .tag, .bulk-results li").first().waitFor();
    await press(page, "Escape");
    return page;
  },
};

for (const [name, walk] of Object.entries(walks)) {
  if (only && !name.includes(only)) continue;
  let page;
  try {
    page = await walk();
    for (const fault of await takeFaults(page)) failures.add(`${name}: ${fault}`);
    console.log(`ok    ${name}`);
  } catch (error) {
    failures.add(`${name}: ${String(error.stack ?? error).split("\n").slice(0, 6).join("\n        ")}`);
    for (const context of browser.contexts()) for (const one of context.pages()) await one.screenshot({ path: "build/keys.png" }).catch(() => undefined);
  }
  for (const context of browser.contexts()) await context.close();
}
await browser.close();
process.exit(failures.end("keys"));
