// Each act of the served workflow tables that another person than before must do, done in a browser by that other person: whoever
// asked for it cannot, the one who decides can, and the history has it. An act that approvals.py has no record for fails.
import { Failures, go, launch, newPage, password, scene, signIn, takeFaults, url } from "./browser.mjs";
import { pageTable, recordPath } from "./pagetable.mjs";

const failures = new Failures();
const browser = await launch();
const pages = await pageTable();
const only = process.argv[2];

const tokens = new Map();
async function api(login, path, options = {}) {
  if (!tokens.has(login)) {
    const answer = await fetch(`${url}/v1/session`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ login, password }),
    });
    tokens.set(login, (await answer.json()).token);
  }
  const headers = { Authorization: `Bearer ${tokens.get(login)}`, "Content-Type": "application/json", ...options.headers };
  const response = await fetch(url + path, { ...options, headers });
  return { status: response.status, json: await response.json() };
}

const signedIn = new Map();
async function people(login) {
  if (!signedIn.has(login)) {
    const page = await newPage(browser);
    await signIn(page, login);
    signedIn.set(login, page);
  }
  return signedIn.get(login);
}

/** The act's button, or its entry in the menu of more. */
async function press(page, act) {
  const button = page.locator(`[data-act=${act}]`);
  await button.or(page.locator(".act-bar .ant-dropdown-trigger")).first().waitFor();
  if ((await button.count()) > 0) return await button.click();
  await page.locator(".act-bar .ant-dropdown-trigger").click();
  await page.locator(`.ant-dropdown-menu-item[data-menu-id$="-${act}"]`).click();
}

/** What has to be filled in is filled in: what the scene says, else words. */
async function fillIn(page, inputs, fill) {
  const dialog = page.locator(".ant-modal");
  for (const input of inputs.filter((one) => one.required)) {
    const label = dialog.locator(".field", { hasText: input.zh }).first();
    if (input.type === "code") {
      await label.locator(".ant-select").click();
      const options = page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option");
      await options.nth(Math.max(0, input.codes.indexOf(fill[input.name]))).click();
    } else await label.locator("input, textarea").first().fill(fill[input.name] ?? "A4501032027010100009");
  }
}

async function walk(workflow, act) {
  const name = `${workflow.kind}.${act.name}`;
  const waiting = scene.waiting[name];
  if (!waiting) throw new Error(`${workflow.collection ?? workflow.kind}: no record waits for it in approvals.py`);
  const record = `/v1/${waiting.collection}/${waiting.id}`;
  const path = recordPath(pages, workflow.kind, waiting.collection, waiting.id);
  const before = (await api(waiting.decides, record)).json;
  const refused = await api(waiting.asked, `${record}/${act.name}`, { method: "POST", body: "{}", headers: { "If-Match": `"${before.version}"` } });
  if (![403, 422].includes(refused.status)) throw new Error(`${waiting.asked}, who asked for it, gets ${refused.status}`);
  const asker = await people(waiting.asked);
  await go(asker, path);
  await asker.locator("[data-record]").waitFor();
  if ((await asker.locator(`[data-act=${act.name}]`).count()) > 0) throw new Error(`${waiting.asked}, who asked for it, has a button`);
  const decider = await people(waiting.decides);
  await go(decider, path);
  await press(decider, act.name);
  await decider.locator(".ant-modal").waitFor();
  await fillIn(decider, act.inputs, waiting.fill);
  await decider.locator(".ant-modal-footer .ant-btn-primary, .ant-modal-footer .ant-btn-dangerous").click();
  await decider.locator(".ant-modal").waitFor({ state: "detached" });
  const after = (await api(waiting.decides, record)).json;
  const history = (await api(waiting.decides, `${record}/history`)).json.items;
  if (!history.some((row) => row.act === act.name)) throw new Error(`the history has no ${act.name}: ${history.map((row) => row.act)}`);
  if (act.to && !(after.state === act.to || history[0].act !== act.name)) throw new Error(`it is ${after.state}, not ${act.to}`);
  return path;
}

const { items } = (await api("commander", "/v1/workflows")).json;
const acts = items.flatMap((workflow) => workflow.acts.filter((act) => act.four_eyes).map((act) => ({ workflow, act })));
failures.check(acts.length > 30, `only ${acts.length} acts need another person`);
for (const { workflow, act } of acts) {
  const name = `${workflow.kind}.${act.name}`;
  if (only && !name.includes(only)) continue;
  try {
    console.log(`ok    ${name.padEnd(32)} ${await walk(workflow, act)}`);
  } catch (error) {
    failures.add(`${name}: ${String(error.message ?? error).split("\n").slice(0, 3).join(" ")}`);
    for (const [login, page] of signedIn) await page.screenshot({ path: `build/approval-${name}-${login}.png` }).catch(() => undefined);
    for (const page of signedIn.values()) await page.context().close();
    signedIn.clear();
  }
}
for (const [login, page] of signedIn) for (const fault of await takeFaults(page)) failures.add(`${login}: ${fault}`);
const known = new Set(acts.map(({ workflow, act }) => `${workflow.kind}.${act.name}`));
for (const name of Object.keys(scene.waiting)) failures.check(known.has(name), `${name} waits in approvals.py, and is no such act`);
await browser.close();
process.exit(failures.end(`${acts.length} acts that need another person`));
