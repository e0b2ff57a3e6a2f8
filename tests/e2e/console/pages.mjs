// node pages.mjs                 every page, both languages and themes, at 1366, 1920 and 3840 pixels: errors, policy, axe, overflow
// node pages.mjs --states-only   each page in its empty, loading, error and forbidden state, with the same checks
// node pages.mjs --shots         pictures of both into build/screenshots
//
//   --only=warning,case      visits with one of these in their name (see visits.mjs; --list prints them)
//   --sizes=1366,1920,3840   widths of the window
//   --languages=zh,en --themes=light,dark
//                            Chinese is light and English dark unless themes are given: then each language in each of them
//   --states=empty,error     these states alone; --states=none: pages alone
import { mkdirSync } from "node:fs";
import { axe, Failures, go, launch, newPage, overflow, scene, settle, signIn, takeFaults } from "./browser.mjs";
import { pretend, STATES, shown } from "./states.mjs";
import { visits } from "./visits.mjs";

const HEIGHTS = { 1366: 768, 1920: 1080, 3840: 2160 };
const folder = "build/screenshots";

const has = (name) => process.argv.includes(`--${name}`);
const list = (name, among, otherwise = among) => {
  const given = process.argv.find((argument) => argument.startsWith(`--${name}=`));
  if (!given) return otherwise;
  const values = given.slice(name.length + 3).split(",");
  const wrong = among ? values.filter((value) => !among.includes(value)) : [];
  if (wrong.length === 0) return values;
  console.error(`--${name}: ${wrong.join(", ")} is none of ${among.join(", ")}`);
  process.exit(2);
};

const shots = has("shots");
const seesPages = !has("states-only");
const only = list("only");
const sizes = list("sizes", Object.keys(HEIGHTS)).map(Number);
const languages = list("languages", ["zh", "en"]);
const themes = list("themes", ["light", "dark"], null);
const states = list("states", [...STATES, "none"], shots || !seesPages ? STATES : []).filter((state) => state !== "none");
const looks = languages.flatMap((language) => (themes ?? [language === "zh" ? "light" : "dark"]).map((theme) => [language, theme]));
const chosen = visits.filter((visit) => !only || only.some((part) => visit.name.includes(part)));

if (has("list")) {
  for (const visit of visits) console.log(`${visit.name}\t${visit.as ?? "nobody"}`);
  process.exit(0);
}

const address = (visit) => visit.path(scene).split("?")[0];

/** The first visit of an address has states; not a page that reads nothing of its own, or that is one. */
const withStates = new Set(
  chosen
    .filter((visit) => visit.as !== null && visit.states !== "none")
    .filter((visit, at, all) => all.findIndex((one) => one.as === visit.as && address(one) === address(visit)) === at)
    .map((visit) => visit.name),
);

const failures = new Failures();
const browser = await launch();
let pictures = 0;

async function examine(page, name, width, refused) {
  for (const text of await overflow(page)) failures.add(`${name}: ${text}`);
  if (width === sizes[0]) for (const text of await axe(page)) failures.add(`${name}: axe ${text}`);
  for (const text of await takeFaults(page)) if (!refused?.test(text)) failures.add(`${name}: ${text}`);
}

async function picture(page, name) {
  if (!shots) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name.replaceAll(" ", "-")}.png` });
  pictures += 1;
}

/** At the widths in turn, the window drawn larger while the page is there. */
async function look(page, visit, language, theme, widths) {
  const path = visit.path(scene);
  await page.setViewportSize({ width: widths[0], height: HEIGHTS[widths[0]] });
  await (visit.reload ? page.goto(process.env.CONSOLE_URL + path) : go(page, path));
  await settle(page);
  await visit.before?.(page, scene);
  await settle(page); // what it opened, too
  for (const width of widths) {
    const name = `${visit.name} ${language} ${theme} ${width}`;
    if (width !== widths[0]) {
      await page.setViewportSize({ width, height: HEIGHTS[width] });
      await settle(page);
    }
    await examine(page, name, width, visit.refused);
    await picture(page, name);
  }
  await visit.after?.(page, scene);
}

async function lookAtState(page, visit, state, name, width) {
  const end = await pretend(page, state);
  try {
    await page.goto(process.env.CONSOLE_URL + visit.path(scene), { waitUntil: "commit" });
    await page.locator("main, .bare").first().waitFor();
    await shown(page, state).catch(async (error) => {
      await picture(page, `${name} not shown`);
      throw error;
    });
    if (state !== "loading") await settle(page);
    await examine(page, name, width);
    await picture(page, name);
  } finally {
    await end();
  }
}

async function tried(name, work) {
  try {
    await work();
  } catch (error) {
    failures.add(`${name}: ${String(error).split("\n")[0]}`);
  }
}

for (const [language, theme] of looks) {
  for (const login of new Set(chosen.map((visit) => visit.as))) {
    const page = await newPage(browser, { language, theme, strict: true });
    if (login) await signIn(page, login);
    for (const visit of chosen.filter((one) => one.as === login)) {
      // A picture is of a page that was opened at its size.
      for (const widths of shots ? sizes.map((width) => [width]) : [sizes]) {
        const name = `${visit.name} ${language} ${theme} ${widths}`;
        if (seesPages) await tried(name, () => look(page, visit, language, theme, widths));
      }
    }
    await page.setViewportSize({ width: sizes[0], height: HEIGHTS[sizes[0]] });
    for (const visit of chosen.filter((one) => one.as === login && withStates.has(one.name))) {
      for (const state of visit.states ?? states) {
        if (!states.includes(state)) continue;
        const name = `${visit.name} ${state} ${language} ${theme} ${sizes[0]}`;
        await tried(name, () => lookAtState(page, visit, state, name, sizes[0]));
      }
    }
    await page.context().close();
  }
}
await browser.close();
process.exit(failures.end(`${chosen.length} pages${shots ? `, ${pictures} pictures in ${folder}` : ""}`));
