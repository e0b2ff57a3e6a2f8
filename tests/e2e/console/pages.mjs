// node pages.mjs            every page: errors, policy, axe in both themes, overflow
// node pages.mjs --shots    screenshots of every page, both languages and themes, at 1366, 1920 and 3840, into build/screenshots
import { mkdirSync } from "node:fs";
import { axe, Failures, go, launch, newPage, overflow, scene, settle, signIn, takeFaults } from "./browser.mjs";
import { visits } from "./visits.mjs";

const shots = process.argv.includes("--shots");
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice("--only=".length);
const folder = "build/screenshots";
const quick = process.argv.includes("--quick");
const sizes = quick ? [[1366, 768]] : shots ? [[1366, 768], [1920, 1080], [3840, 2160]] : [[1366, 768], [3840, 2160]];

const failures = new Failures();
const browser = await launch();

async function look(page, visit, language, theme, width) {
  const path = visit.path(scene);
  await (visit.reload ? page.goto(process.env.CONSOLE_URL + path) : go(page, path));
  await settle(page);
  await visit.before?.(page, scene);
  const name = `${visit.name} ${language} ${theme} ${width}`;
  for (const text of await overflow(page)) failures.add(`${name}: ${text}`);
  if (width === 1366) for (const text of await axe(page)) failures.add(`${name}: axe ${text}`);
  for (const text of await takeFaults(page)) if (!visit.refused?.test(text)) failures.add(`${name}: ${text}`);
  if (shots) {
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: `${folder}/${visit.name}-${language}-${theme}-${width}.png` });
  }
  await visit.after?.(page, scene);
}

// Both languages and both themes: contrast does not depend on the language, nor width on the colours. Pictures are of all four.
const all = [["zh", "light"], ["en", "dark"], ...(shots ? [["en", "light"], ["zh", "dark"]] : [])];
const looks = quick ? all.slice(0, process.argv.includes("--both") ? 2 : 1) : all;
const logins = [...new Set(visits.map((visit) => visit.as))];
for (const [language, theme] of looks) {
  for (const login of logins) {
    const page = await newPage(browser, { language, theme, strict: true });
    if (login) await signIn(page, login);
    for (const visit of visits.filter((one) => one.as === login && (!only || only.split(",").some((part) => one.name.includes(part))))) {
      for (const [width, height] of sizes) {
        await page.setViewportSize({ width, height });
        try {
          await look(page, visit, language, theme, width);
        } catch (error) {
          failures.add(`${visit.name} ${language} ${theme} ${width}: ${String(error).split("\n")[0]}`);
        }
      }
    }
    await page.context().close();
  }
}
await browser.close();
process.exit(failures.end(`${visits.length} pages`));
