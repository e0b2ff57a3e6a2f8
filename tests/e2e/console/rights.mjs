// Every page for every role, out of the console's own table of pages and the daemon's tables of who reads what: who may not open
// it sees the forbidden state, which is designed and accessible, and has it not in the menu; who may sees no such thing.
import { axe, Failures, launch, newPage, password, signIn, takeFaults, url } from "./browser.mjs";
import { pageTable } from "./pagetable.mjs";

const LOGINS = {
  duty: "duty", analyst: "analyst", investigator: "investigator", commander: "commander", approver: "approver",
  outreach: "outreach", auditor: "auditor", administrator: "administrator", partner: "bank.teller",
};
const REFUSED = "您的角色不能打开此页";

const failures = new Failures();
const pages = await pageTable();
const browser = await launch();

async function as(login) {
  const answer = await fetch(`${url}/v1/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ login, password }),
  });
  const { token } = await answer.json();
  return async (path) => (await (await fetch(url + path, { headers: { Authorization: `Bearer ${token}` } })).json());
}

/** A record of each kind, so that a page that opens has something to show. */
async function samples(workflows) {
  const ask = { commander: await as("commander"), administrator: await as("administrator") };
  const found = new Map();
  for (const workflow of workflows) {
    const who = workflow.readers.split(",").includes("commander") ? "commander" : "administrator";
    const page = workflow.collection ? await ask[who](`/v1/${workflow.collection}?limit=1`) : null;
    found.set(workflow.kind, page?.items?.[0]?.id ?? 1);
  }
  return found;
}

/** The addresses of a page: one, or one for each collection where its path names none. That those open is seen with the commander. */
function addressesOf(page, role, workflows, ids) {
  if (page.path.includes(":collection")) {
    return workflows
      .filter((workflow) => workflow.collection && (role === "commander" || !workflow.readers.split(",").includes(role)))
      .map((workflow) => ({
        path: page.path.replace(":collection", workflow.collection).replace(":id", ids.get(workflow.kind)),
        roles: workflow.readers.split(","),
      }));
  }
  const id = page.record ? ids.get(page.record) : 1;
  const roles = page.roles === "all" ? Object.keys(LOGINS) : page.roles;
  return [{ path: page.path.replace(":id", id).replace(":key", "account%3A6228480402564800001"), roles }];
}

/** Opens an address as a link does, and says whether it was refused; what opens has begun to show itself then. */
async function isRefused(page, path) {
  await page.evaluate((to) => {
    window.history.pushState({}, "", to);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  const handle = await page.waitForFunction(
    ([at, words]) => {
      const main = document.querySelector("main");
      if (!main || (main.dataset.path !== at && !main.classList.contains("bare"))) return null;
      if (main.querySelector(".ant-skeleton, .ant-spin-spinning")) return null;
      const state = [...main.querySelectorAll(".state")].find((one) => one.textContent.includes(words));
      if (!state) return main.querySelector("h1, .state") ? "open" : null;
      const isWhole = state.querySelector(".state-icon svg") && state.querySelector(".state-hint")?.textContent && state.querySelector('a[href="/"]');
      return isWhole ? "refused" : "plain";
    },
    [path, REFUSED],
    { timeout: 60000, polling: 30 },
  );
  return await handle.jsonValue();
}

let asked = 0;
let refusals = 0;
const { items: workflows } = await (await as("commander"))("/v1/workflows");
const ids = await samples(workflows);
for (const page of pages.filter((one) => one.record)) {
  const readers = workflows.find((workflow) => workflow.kind === page.record)?.readers.split(",") ?? [];
  const wider = page.roles === "all" ? [] : page.roles.filter((role) => !readers.includes(role));
  failures.check(wider.length === 0, `${page.path} is open to ${wider}, who may not read such records`);
}
for (const [role, login] of Object.entries(LOGINS)) {
  const page = await newPage(browser);
  await signIn(page, login);
  let looked = false;
  for (const one of pages) {
    if (one.inMenu) {
      const inMenu = (await page.locator(`.nav a[href="${one.path}"]`).count()) > 0;
      const wanted = one.roles === "all" || one.roles.includes(role);
      if (!one.path.includes(":") && !one.bare) failures.check(inMenu === wanted, `${role}: ${one.path} is ${inMenu ? "" : "not "}in the menu`);
    }
    for (const { path, roles } of addressesOf(one, role, workflows, ids)) {
      const may = roles.includes(role);
      const state = await isRefused(page, path).catch((error) => String(error).split("\n")[0]);
      asked += 1;
      refusals += state === "refused" ? 1 : 0;
      failures.check(state === (may ? "open" : "refused"), `${role} ${path}: ${state}, and it should be ${may ? "open" : "refused"}`);
      if (state === "refused" && !looked) {
        looked = true;
        for (const text of await axe(page)) failures.add(`${role} ${path}: axe ${text}`);
      }
      if (one.bare && may) {
        await page.goto(url); // it has no menu
        await page.locator(".nav a").first().waitFor();
      }
    }
  }
  for (const fault of await takeFaults(page)) failures.add(`${role}: ${fault}`);
  await page.context().close();
}
await browser.close();
failures.check(refusals > 100, `only ${refusals} pages were refused`);
process.exit(failures.end(`${asked} addresses, ${refusals} refused, ${Object.keys(LOGINS).length} roles`));
