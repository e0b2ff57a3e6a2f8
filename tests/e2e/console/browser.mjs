// A real browser before the real daemon: Debian's Chromium through playwright-core, axe-core for WCAG 2.2 AA. The packages are
// those of web/node_modules.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(fileURLToPath(new URL("../../../web/package.json", import.meta.url)));
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const url = process.env.CONSOLE_URL;
export const password = process.env.CONSOLE_PASSWORD;
/** For what takes a moment: a loaded machine takes longer, and that is no failure. */
export const WAIT_MS = 60000;
/** SLUICE_TEST_SLOW=4: the browser has a quarter of its speed, and each answer comes 200 ms later. Nothing may fail by that. */
const SLOW = Number(process.env.SLUICE_TEST_SLOW ?? 1);
/** Ids of the records that scene.py made. */
export const scene = JSON.parse(process.env.CONSOLE_SCENE ?? "{}");

export async function launch() {
  return await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"],
  });
}

/** What the browser itself says of answers that a walk asks for: refusals, and a wire that was cut. A page alone gets none. */
const refusals = [/the server responded with a status of (401|403|404|409|412|422|503)/, /net::ERR_(CONNECTION|INCOMPLETE|EMPTY|NETWORK|INTERNET|TIMED|ABORTED)/];

async function slowDown(context) {
  context.on("page", async (page) => {
    const session = await context.newCDPSession(page).catch(() => undefined); // it may be gone already
    await session?.send("Emulation.setCPUThrottlingRate", { rate: SLOW }).catch(() => undefined);
  });
  await context.route(
    (at) => at.pathname.startsWith("/v1/"),
    async (route) => {
      await new Promise((done) => setTimeout(done, 50 * SLOW));
      await route.continue().catch(() => undefined);
    },
  );
}

/** A page that remembers what went wrong in it: errors of scripts, refused by the policy, and every error and warning in the browser's
 * console. `strict`: refused requests, too. */
export async function newPage(browser, options = {}) {
  const { language = "zh", theme = "light", width = 1366, height = 768 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === "zh" ? "zh-CN" : "en-GB",
    timezoneId: options.timezone ?? "Asia/Shanghai",
    reducedMotion: "reduce",
  });
  await context.addInitScript(
    ([chosen, colours]) => {
      localStorage.setItem("sluice.language", chosen);
      localStorage.setItem("sluice.theme", colours);
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
      );
    },
    [language, theme],
  );
  context.setDefaultTimeout(WAIT_MS);
  if (SLOW > 1) await slowDown(context);
  const page = await context.newPage();
  page.faults = [];
  page.unanswered = new Set();
  page.on("request", (request) => page.unanswered.add(request));
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => page.unanswered.delete(request));
  page.on("pageerror", (error) => page.faults.push(`script: ${error.stack ?? error}`));
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    const isPretended = page.pretends && message.text().includes("status of 500"); // states.mjs
    if (isPretended || ((page.pretends || !options.strict) && refusals.some((one) => one.test(message.text())))) return;
    page.faults.push(`console ${message.type()}: ${message.text()} ${message.location().url}`);
  });
  return page;
}

export async function signIn(page, login, path = "/") {
  try {
    await page.goto(url + path);
    await page.getByLabel(/^(登录名|Name)$/).fill(login);
    await page.getByLabel(/^(口令|Password)$/).fill(password);
    await page.locator("form button[type=submit]").click();
    await page.locator("main#main, .bare").first().waitFor();
  } catch (error) {
    throw new Error(`${await whatIsSeen(page)}\n${error.stack ?? error}`);
  }
}

/** For whoever reads why something did not come: what the page shows, what it waits for, what went wrong in it. */
async function whatIsSeen(page) {
  const text = await page.evaluate(() => document.body.innerText.slice(0, 300)).catch(() => "not to be asked");
  const waits = [...page.unanswered].map((request) => `${request.method()} ${request.url()}`);
  return `${page.url()} shows ${JSON.stringify(text)}; waits for [${waits}]; faults [${page.faults}]`;
}

/** Goes to an address inside the console without loading it anew, as a link does. */
export async function go(page, path) {
  await page.evaluate((to) => {
    window.history.pushState({}, "", to);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  const wanted = path.split("?")[0];
  await page.waitForFunction((at) => document.querySelector("main")?.dataset.path === at || document.querySelector(".bare"), wanted);
  await settle(page);
}

/** Nothing loads any more, nor moves. */
export async function settle(page) {
  await page.waitForFunction(() => document.querySelector("main, .bare") && !document.querySelector(".ant-skeleton, .ant-spin-spinning"), null, {
    timeout: WAIT_MS,
  });
  await page.waitForFunction(() => {
    const moves = (one) => one.playState === "running" && Number.isFinite(one.effect?.getComputedTiming().endTime);
    return !document.getAnimations().some(moves);
  });
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

export class Failures {
  list = [];
  add(text) {
    this.list.push(text);
    console.log(`  FAIL ${text}`);
  }
  check(good, text) {
    if (!good) this.add(text);
  }
  /** Exit code. */
  end(what) {
    console.log(this.list.length === 0 ? `ok    ${what}` : `FAIL  ${what}: ${this.list.length}`);
    return this.list.length === 0 ? 0 : 1;
  }
}

export async function takeFaults(page) {
  const faults = page.faults.splice(0);
  const violations = await page.evaluate(() => window.violations.splice(0)).catch(() => []);
  return [...faults, ...violations.map((text) => `policy: ${text}`)];
}

/** `preload` would fetch style sheets and media anew for rules that look into them: none of these does but one for sound, and there is none. */
export async function axe(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const result = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
      resultTypes: ["violations"],
      preload: false,
    }),
  );
  return result.violations.map(
    (violation) =>
      `${violation.id}: ${violation.help} (${violation.nodes.length}) ${violation.nodes
        .slice(0, 3)
        .map((node) => `${node.target} ${node.failureSummary?.split("\n").slice(1, 2)}`)
        .join(" | ")}`,
  );
}

/** What runs out of the page, or of its own box, at this width. */
export async function overflow(page) {
  return await page.evaluate(() => {
    const found = [];
    if (document.documentElement.scrollWidth > window.innerWidth) found.push("the page scrolls sideways");
    const main = document.querySelector("main");
    if (main && main.scrollWidth > main.clientWidth + 1) {
      const wide = [...main.querySelectorAll("*")]
        .filter((element) => element.getBoundingClientRect().right > main.getBoundingClientRect().right + 1)
        .filter((element) => !element.closest(".table-scroll, .queue-scroll, .ant-tabs-nav, .scrolls"))
        .slice(0, 2)
        .map((element) => `${element.tagName}.${element.className}`);
      if (wide.length > 0) found.push(`main scrolls sideways: ${wide.join(", ")}`);
    }
    if (window.innerWidth <= 1366) {
      for (const table of document.querySelectorAll(".table-scroll:not(.rules-diff), .queue-scroll, .data-table")) {
        const out = table.scrollWidth - table.clientWidth;
        if (out > 1 && table.clientWidth > 0) found.push(`a table scrolls sideways by ${out} px: ${table.getAttribute("aria-label") ?? table.className}`);
      }
    }
    for (const element of document.querySelectorAll(".ant-btn, .tile-label, .nav-text, h1, h2, .field label, .plain th, .queue-head > *")) {
      const style = getComputedStyle(element);
      const hidden = style.clipPath !== "none" || element.closest(".folded");
      if (!hidden && element.scrollWidth > element.clientWidth + 1 && style.overflow !== "visible") {
        found.push(`cut: ${element.textContent}`);
      }
    }
    return found;
  });
}
