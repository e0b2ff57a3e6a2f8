// Work as people do it, each walk from its beginning to its end. Expectations are about what is on the screen, and, where it
// matters, about what the API says afterwards.
import { Failures, go, launch, newPage, password, scene, settle, signIn, takeFaults, url, WAIT_MS } from "./browser.mjs";
import { openProxy } from "./proxy.mjs";

const browser = await launch();

function expect(good, text) {
  if (!good) throw new Error(text);
}

/** The API as somebody, beside the browser. */
async function api(login) {
  const answer = await fetch(`${url}/v1/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ login, password }),
  });
  const { token } = await answer.json();
  return async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body ? { "Content-Type": "application/json" } : {}), ...headers },
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await response.text();
    return { status: response.status, json: text ? JSON.parse(text) : null };
  };
}

const state = (page) => page.locator("[data-record]").getAttribute("data-state");
const dialogButton = (page) => page.locator(".ant-modal .ant-modal-footer .ant-btn-primary, .ant-modal .ant-modal-footer .ant-btn-dangerous");

async function act(page, name, fill = {}, more = undefined) {
  const button = page.locator(`[data-act=${name}]`);
  await button.or(page.locator(".act-bar .ant-dropdown-trigger")).first().waitFor();
  if ((await button.count()) > 0) await button.click();
  else {
    await page.locator(".act-bar .ant-dropdown-trigger").click();
    await page.locator(`.ant-dropdown-menu-item[data-menu-id$="-${name}"]`).click();
  }
  await page.locator(".ant-modal").waitFor();
  for (const [label, value] of Object.entries(fill)) await page.locator(".ant-modal").getByLabel(label).fill(value);
  await more?.(page.locator(".ant-modal"));
  await dialogButton(page).click();
  await page.locator(".ant-modal").waitFor({ state: "detached" });
}

const walks = {
  async "a call: pasted, taken, followed, stopped, warned"(people) {
    const duty = await people("duty");
    const begun = Date.now();
    await go(duty, "/intake");
    await duty.locator(".paste textarea").fill("今天上午9点20分向李四账户6228480402564800001转了5万元，我手机13977110041");
    await duty.locator("[data-parse=run]").click();
    await duty.waitForFunction(() => document.querySelector("[data-transfer='0'] input")?.value.includes("6228480402564800001"));
    await duty.getByLabel("姓名").fill("覃美兰");
    await duty.locator("[data-transfer='0']").getByLabel("流水号").fill("V1");
    await duty.locator(".intake-submit button").click();
    await duty.locator("[data-taken]").waitFor();
    const report = Number(await duty.locator("[data-taken]").getAttribute("data-taken"));
    await duty.locator("[data-along]").waitFor();
    const approver = await people("approver");
    await go(approver, `/stops?state=proposed&report=${report}&order=id`);
    await approver.locator(".queue-row").first().waitFor();
    const proposed = await approver.locator(".queue-row").count();
    expect(proposed >= 1, "no stop was proposed");
    await approver.locator("[data-queue]").focus();
    for (let i = 0; i < proposed; i++) {
      await approver.keyboard.press("x");
      await approver.keyboard.press("j");
    }
    await approver.locator("[data-bulk-act=approve]").click();
    await approver.locator("[data-bulk-run=approve]").click();
    await approver.locator(".bulk-results li").nth(proposed - 1).waitFor();
    const took = (Date.now() - begun) / 1000;
    console.log(`      from the call to approved stops: ${took.toFixed(1)} s`);
    expect(took < 180, "it took more than three minutes");
    const asDuty = await api("duty");
    const stops = (await asDuty("GET", `/v1/stops?report=${report}`)).json.items;
    expect(stops.some((stop) => stop.state === "approved"), JSON.stringify(stops.map((stop) => stop.state)));
    // The bank's answer, taken in by hand; then the victim is warned.
    const stop = stops.find((one) => one.state === "approved");
    await go(duty, `/stops/${stop.id}`);
    await act(duty, "confirm", {}, async (dialog) => {
      const input = dialog.locator(".time-input input").first();
      await input.fill(stop.approved_at.slice(0, 19).replace("T", " "));
      await input.press("Tab");
    });
    await duty.waitForFunction(() => document.querySelector("[data-record]")?.getAttribute("data-state") === "stopped");
    await duty.locator(".measure .countdown").waitFor();
    await go(duty, `/reports/${report}`);
    await act(duty, "warn", {}, async (dialog) => {
      await dialog.locator(".ant-select").first().click();
      await duty.locator(".ant-select-item-option").first().click();
      await dialog.locator("textarea").first().fill("受害人可能仍在转账");
    });
    const warned = (await asDuty("GET", `/v1/reports/${report}`)).json.warning;
    expect(warned > 0, "no warning was made");
    await go(duty, `/warnings/${warned}`);
    expect((await state(duty)) === "new", "the warning is not new");
  },

  async "a warning: signed for, tried, closed by somebody else"(people) {
    const duty = await people("duty");
    const id = scene.warnings[2];
    await go(duty, `/warnings/${id}`);
    await act(duty, "sign");
    await duty.waitForFunction(() => document.querySelector("[data-record]")?.getAttribute("data-state") === "signed");
    await duty.locator("[data-choice=phone]").click();
    await duty.locator("[data-choice=dissuaded]").click();
    await duty.getByLabel("已核验身份").check();
    await duty.locator("[data-attempt=save]").click();
    await duty.waitForFunction(() => document.querySelector("[data-record]")?.getAttribute("data-state") === "working");
    await duty.locator(".timeline li").first().waitFor();
    const asDuty = await api("duty");
    const record = (await asDuty("GET", `/v1/warnings/${id}`)).json;
    const asked = await asDuty("POST", `/v1/warnings/${id}/propose_closing`, { closing: "dissuaded" }, { "If-Match": `"${record.version}"` });
    expect(asked.status === 200, JSON.stringify(asked));
    // Live: the page that is open follows.
    await duty.waitForFunction(() => document.querySelector("[data-record]")?.getAttribute("data-state") === "closing");
    const commander = await people("commander");
    await go(commander, `/warnings/${id}`);
    await act(commander, "approve_closing");
    await commander.waitForFunction(() => document.querySelector("[data-record]")?.getAttribute("data-state") === "closed");
  },

  async "every approval that waits is decided from one page"(people) {
    const commander = await people("commander");
    await go(commander, "/approvals");
    await commander.locator("[data-approvals]").nth(3).waitFor(); // each is read by itself
    await settle(commander);
    const sections = await commander.locator("[data-approvals]").evaluateAll((all) => all.map((one) => one.dataset.approvals));
    expect(sections.length >= 4, `only ${sections.join(", ")}`);
    for (const name of sections) {
      const section = commander.locator(`[data-approvals="${name}"]`);
      const button = section.locator(`[data-decide^="${name.split(".")[1]}-"]`).first();
      if ((await button.count()) === 0) continue;
      const what = await button.getAttribute("data-decide");
      await button.click();
      const dialog = commander.locator(".ant-modal");
      await dialog.waitFor();
      for (const field of await dialog.locator(".field:has(.required)").all()) {
        const input = field.locator("input:not([type=checkbox]), textarea").first();
        if ((await input.inputValue()) === "") await input.fill("A4501032026112500009");
      }
      await dialogButton(commander).click();
      await dialog.waitFor({ state: "detached" });
      await commander.locator(`[data-approvals="${name}"] [data-decide="${what}"]`).waitFor({ state: "detached" });
    }
  },

  async "four eyes: who proposed it sees that somebody else has to decide"(people) {
    const commander = await people("commander");
    const asCommander = await api("commander");
    const made = await asCommander("POST", "/v1/stops", { account: "account:6228480402564877777", reason: "本人呈请" });
    await go(commander, `/stops/${made.json.id}`);
    await commander.locator("[data-blocked-act=approve]").waitFor();
    expect((await commander.locator("[data-act=approve]").count()) === 0, "he can approve his own");
    const approver = await people("approver");
    await go(approver, `/stops/${made.json.id}`);
    await act(approver, "approve");
    await approver.waitForFunction(() => document.querySelector("[data-record]")?.getAttribute("data-state") === "approved");
  },

  async "a bank is asked for an account's transactions: for a case, by two, and its answer is evidence"(people) {
    const officer = await people("investigator");
    await go(officer, `/cases/${scene.case}`);
    await officer.getByRole("tab", { name: "交易明细查询" }).click();
    await officer.locator(".record-main [data-make=propose]").click();
    const dialog = officer.locator(".ant-modal");
    await dialog.getByLabel(/账号/).fill("6228480402564890018");
    await dialog.getByLabel(/开户机构/).fill("102100000011");
    const { now } = await (await fetch(`${url}/healthz`)).json();
    const until = new Date(Date.parse(now) + 8 * 3600_000 - 60_000).toISOString().slice(0, 19);
    await dialog.getByLabel(/起始时间/).fill(`${until.slice(0, 8)}01T00:00:00`);
    await dialog.getByLabel(/截止时间/).fill(until);
    await dialog.getByLabel(/查询目的/).fill("查明二级卡资金去向");
    await dialog.getByLabel(/法律依据/).fill("刑事诉讼法第一百四十四条");
    await dialogButton(officer).click();
    await officer.waitForFunction(() => /^\/inquiries\/\d+$/.test(location.pathname));
    await officer.locator("[data-answer=proposed]").waitFor();
    expect((await officer.locator("[data-act=approve]").count()) === 0, "who asked approves it");
    const approver = await people("approver");
    await go(approver, new URL(officer.url()).pathname);
    await act(approver, "approve");
    // The bank's answer comes by itself, and both pages follow.
    await officer.locator("[data-answer=imported]").waitFor({ timeout: 60000 });
    const sha = await officer.locator("[data-sha256]").getAttribute("data-sha256");
    const record = (await (await api("investigator"))("GET", `/v1${new URL(officer.url()).pathname}`)).json;
    const evidence = (await (await api("investigator"))("GET", `/v1/evidence/${record.evidence}`)).json;
    expect(evidence.sha256 === sha && evidence.case === scene.case, "the hash on the page is not the evidence's");
    await go(officer, `/cases/${scene.case}`);
    await officer.getByRole("tab", { name: "交易明细查询" }).click();
    await officer.locator("table.plain code", { hasText: sha.slice(0, 12) }).first().waitFor();
  },

  async "personal data is masked, a purpose shows it, and the audit has it"(people) {
    const duty = await people("duty");
    const id = scene.warnings[3];
    await go(duty, `/warnings/${id}`);
    const phone = duty.locator(".person-phone");
    expect((await phone.textContent()).includes("****"), "it is not masked");
    await duty.locator(".record-acts > .ant-btn").click();
    await duty.locator(".ant-modal").getByLabel(/用途/).fill("核实受害人身份并电话劝阻");
    await dialogButton(duty).click();
    await duty.waitForFunction(() => !document.querySelector(".person-phone")?.textContent.includes("*"));
    const rows = (await (await api("auditor"))("GET", `/v1/audit?act=view_shown&kind=warning&record=${id}`)).json.items;
    expect(rows.some((row) => row.purpose === "核实受害人身份并电话劝阻"), JSON.stringify(rows));
    await go(duty, `/warnings/${scene.warnings[4]}`);
    expect((await phone.textContent()).includes("****"), "the next record is not masked");
  },

  async "two people at one case see each other, and an old version changes nothing"(people) {
    const investigator = await people("investigator");
    const commander = await people("commander");
    await go(investigator, `/cases/${scene.case}`);
    await go(commander, `/cases/${scene.case}`);
    await investigator.locator(".presence").waitFor();
    await commander.locator(".presence").waitFor();
    expect((await investigator.locator(".presence").textContent()).includes("commander"), "who is there?");
    // The commander has the form open while the investigator changes the record.
    await commander.locator("[data-act=edit], .act-bar .ant-dropdown-trigger").first().waitFor();
    // His page does not hear of it in time: the old record stays under the form.
    await commander.route(`**/v1/cases/${scene.case}`, () => undefined);
    if ((await commander.locator("[data-act=edit]").count()) > 0) await commander.locator("[data-act=edit]").click();
    else {
      await commander.locator(".act-bar .ant-dropdown-trigger").click();
      await commander.locator('.ant-dropdown-menu-item[data-menu-id$="-edit"]').click();
    }
    await commander.locator(".ant-modal").waitFor();
    await act(investigator, "edit", { 案件名称: "王小明等人被冒充客服诈骗案" });
    await commander.locator(".ant-modal").getByLabel(/案件名称/).fill("另一个名称");
    await dialogButton(commander).click();
    await commander.locator(".ant-modal .note-danger").waitFor();
    expect((await commander.locator(".ant-modal .note-danger").textContent()).includes("修改"), "it does not say why");
    // As soon as his page can read again it says who changed what, beside what he typed; he chooses.
    await commander.unroute(`**/v1/cases/${scene.case}`);
    const note = commander.locator("[data-conflict]");
    await note.waitFor();
    await note.getByText("用户investigator").waitFor();
    const said = await note.textContent();
    expect(said.includes("王小明等人被冒充客服诈骗案") && said.includes("另一个名称") && said.includes("investigator"), said);
    expect((await commander.locator(".ant-modal").getByLabel(/案件名称/).inputValue()) === "另一个名称", "what he typed is gone");
    expect(await dialogButton(commander).isDisabled(), "he can save without having looked");
    await note.locator("[data-conflict-choice=theirs]").click();
    expect((await commander.locator(".ant-modal").getByLabel(/案件名称/).inputValue()) === "", "theirs is not kept");
    const now = (await (await api("commander"))("GET", `/v1/cases/${scene.case}`)).json;
    expect(now.title === "王小明等人被冒充客服诈骗案", `it was overwritten: ${now.title}`);
    await commander.keyboard.press("Escape");
    await go(commander, "/");
    await investigator.locator(".presence").waitFor({ state: "detached", timeout: 60000 });
  },

  async "nine tabs of one browser: each loads and is live, a change comes to all of them, the last one that is left goes on"() {
    const first = await newPage(browser);
    try {
      await signIn(first, "commander", "/leads");
      const tabs = [first];
      while (tabs.length < 9) tabs.push(await first.context().newPage());
      const asAnalyst = await api("analyst");
      const tell = async (title) => {
        const made = await asAnalyst("POST", "/v1/leads", { type: "goip", subject: `account:622848040256${Date.now()}`, title, tier: "low", source: "tip", words: "群众举报" });
        expect(made.status === 201, JSON.stringify(made));
      };
      for (const tab of tabs) {
        await tab.goto(`${url}/leads`);
        await tab.locator("[data-live=live]").waitFor({ timeout: 60000 });
      }
      await tell("第一条线索");
      for (const tab of tabs) await tab.getByText("第一条线索").first().waitFor({ timeout: 60000 });
      for (const tab of tabs.splice(0, 8)) await tab.close();
      await tell("第二条线索");
      await tabs[0].getByText("第二条线索").first().waitFor({ timeout: 60000 });
    } finally {
      await first.context().close();
    }
  },

  async "a lost connection: said at once, nothing typed is lost, what was missed comes"() {
    const wire = await openProxy(url);
    const page = await newPage(browser);
    try {
      await page.goto(`${wire.url}/`);
      await page.getByLabel("登录名").fill("duty");
      await page.getByLabel("口令").fill(password);
      await page.locator("form button[type=submit]").click();
      await page.locator("[data-live=live]").waitFor();
      await go(page, `/leads/${scene.leads[3]}`);
      expect((await state(page)) === "new", "the lead is not new");
      await page.getByRole("tab", { name: "备注交流" }).click();
      await page.getByLabel("写备注").fill("断线前写了一半");
      wire.cut();
      await page.locator("[data-live=lost]").waitFor();
      await page.locator(".comment-form button").click();
      await page.locator(".comments .note-danger").waitFor();
      expect((await page.getByLabel("写备注").inputValue()) === "断线前写了一半", "what was typed is gone");
      const asCommander = await api("commander");
      const users = (await asCommander("GET", "/v1/users?login=analyst")).json.items;
      const lead = (await asCommander("GET", `/v1/leads/${scene.leads[3]}`)).json;
      await asCommander("POST", `/v1/leads/${lead.id}/assign`, { assignee: users[0].id }, { "If-Match": `"${lead.version}"` });
      wire.mend();
      await page.locator("[data-live=live]").waitFor({ timeout: 60000 });
      await page.waitForFunction(() => document.querySelector("[data-record]")?.getAttribute("data-state") === "assigned", null, { timeout: 60000 });
      await page.locator(".comment-form button").click();
      await page.locator(".comments .timeline li").waitFor();
    } finally {
      wire.close();
      await page.context().close();
    }
  },

  async "without a network: said within seconds, the report that was not sent is kept, and sent afterwards"() {
    const page = await newPage(browser);
    try {
      await signIn(page, "duty", "/intake");
      await page.locator("[data-live=live]").waitFor();
      await page.getByLabel("姓名").fill("断网时的报警人");
      await page.locator("[data-transfer='0']").getByLabel("收款账号").fill("6228480402564800021");
      await page.locator("[data-transfer='0']").getByLabel("金额").fill("3000");
      await page.context().setOffline(true);
      await page.locator("[data-live=lost]").waitFor({ timeout: 30000 });
      await page.locator(".intake-submit button").click();
      await page.locator(".intake .note-danger").waitFor();
      await go(page, "/reports");
      await go(page, "/intake");
      expect((await page.getByLabel("姓名").inputValue()) === "断网时的报警人", "what was typed is gone");
      await page.context().setOffline(false);
      await page.locator("[data-live=live]").waitFor({ timeout: 60000 });
      await page.locator(".intake-submit button").dblclick();
      await page.locator("[data-taken]").waitFor();
      const asDuty = await api("duty");
      const made = (await asDuty("GET", "/v1/reports?order=-id&limit=10")).json.items.filter((row) => row.victim_name === "断**" && row.loss_fen === 300000);
      expect(made.length === 1, `${made.length} reports`);
    } finally {
      await page.context().close();
    }
  },

  async "a network that changes breaks what is under way: whatever of the page it was, the page comes by itself"() {
    const files = [];
    const page = await newPage(browser);
    page.on("request", (request) => files.push(new URL(request.url()).pathname));
    try {
      await signIn(page, "duty", "/warnings");
      await page.locator("[data-live=live]").waitFor();
    } finally {
      await page.context().close();
    }
    const first = (pattern) => {
      const found = files.find((path) => pattern.test(path));
      expect(found, `nothing like ${pattern} was asked for`);
      return found;
    };
    const parts = [/\/assets\/index-.*\.js$/, /\.css$/, /\/assets\/states-/, /\/assets\/SignIn-/, /\/v1\/session\/ways$/, /\/v1\/me$/, /\/v1\/workflows$/, /\/v1\/dated$/];
    for (const part of [...parts, /\/assets\/WarningsPage-/].map(first)) {
      const broken = await newPage(browser);
      let left = part.startsWith("/v1/workflows") ? 4 : 1; // that one is asked for three times by itself
      await broken.route(
        (address) => address.pathname === part,
        (route) => (left-- > 0 ? route.abort("connectionreset") : route.continue()),
      );
      try {
        await signIn(broken, "duty", "/warnings");
        await broken.locator("[data-live=live]").waitFor();
        await broken.locator(".queue-row").first().waitFor();
        for (let turn = 0; left >= 0 && turn < WAIT_MS / 100; turn += 1) await broken.waitForTimeout(100);
        expect(left < 0, "it was asked for no second time");
      } catch (error) {
        throw new Error(`${part}: ${error.message}`);
      } finally {
        await broken.context().close();
      }
    }
  },

  async "a wire that is silent: the chip turns by the heartbeat"() {
    const page = await newPage(browser);
    try {
      await signIn(page, "duty", "/warnings");
      await page.locator("[data-live=live]").waitFor();
      await page.route("**/healthz", () => undefined);
      await page.locator("[data-live=lost]").waitFor({ timeout: 30000 });
      await page.unroute("**/healthz");
      await page.locator("[data-live=live]").waitFor({ timeout: 60000 });
    } finally {
      await page.context().close();
    }
  },

  async "a double click is one wish: one toast, one attempt"(people) {
    const duty = await people("duty");
    const id = scene.warnings[6];
    await go(duty, `/warnings/${id}`);
    const before = (await (await api("duty"))("GET", `/v1/warnings/${id}/attempts`)).json.items.length;
    await duty.locator("form.attempt [data-choice=phone]").click();
    await duty.locator("form.attempt [data-choice=refused]").click();
    await duty.locator("[data-attempt=save]").dblclick();
    await duty.locator(".ant-message-notice").first().waitFor();
    expect((await duty.locator(".ant-message-notice").count()) === 1, "two toasts");
    await duty.waitForTimeout(300);
    const after = (await (await api("duty"))("GET", `/v1/warnings/${id}/attempts`)).json.items.length;
    expect(after === before + 1, `${after - before} attempts`);
  },

  async "a bank's officer answers under the clock, and finds nothing else"(people) {
    const teller = await people("bank.teller");
    await go(teller, "/");
    await teller.locator(".data-row").first().waitFor();
    const open = () => teller.locator(".tile-n").first().textContent();
    const before = Number(await open());
    expect((await teller.locator(".nav a").count()) === 1, "there is more than the portal in the menu");
    await teller.locator("[role=grid]").first().focus();
    await teller.keyboard.press("Enter");
    await teller.locator(".partner-answers").waitFor();
    // The browser's clock goes on and the daemon's stands: what the form takes for now is ahead of it on a slow machine.
    const { now } = await (await fetch(`${url}/healthz`)).json();
    const input = teller.locator(".ant-modal .time-input input").first();
    await input.fill(now.slice(0, 19).replace("T", " "));
    await input.press("Tab");
    await teller.locator("[data-send]").click();
    await teller.waitForFunction((n) => Number(document.querySelector(".tile-n")?.textContent) === n - 1, before);
    const asTeller = await api("bank.teller");
    const tip = { type: "run_point", subject: "account:6222021234567890555", title: "疑似跑分", source: "partner", reference: "FX-2026-7" };
    expect((await asTeller("POST", "/v1/leads", tip)).status === 201, "the tip was not taken");
    await teller.getByRole("tab", { name: "报送的线索" }).click();
    await teller.getByRole("row").filter({ hasText: "FX-2026-7" }).getByText("办理中").waitFor();
    for (const path of ["/stops", "/warnings", "/search", "/cases", "/approvals", "/trace", "/audit", "/administration"]) {
      await go(teller, path);
      expect((await teller.getByText("您的角色不能打开此页").count()) > 0, `a bank opens ${path}`);
    }
  },

  async "a return: victims and losses from the case, shares before anything is submitted"(people) {
    const officer = await people("investigator");
    await go(officer, `/freezes/${scene.freeze}`);
    await officer.locator("[data-make=draft]").click();
    await officer.locator("[data-fill-losses]").click();
    await officer.waitForFunction(() => document.querySelector(".losses tbody input")?.value.length > 1);
    expect((await officer.locator(".losses tbody input").first().inputValue()) === "王小明", "the victim of the case");
    await officer.locator(".ant-modal-footer .ant-btn-primary").click();
    await officer.waitForFunction(() => /^\/returns\/\d+$/.test(location.pathname));
    await officer.locator("[data-record][data-state=drafted]").waitFor();
    await officer.locator(".child-list table.plain tbody tr").first().waitFor();
  },

  async "a view is saved, shared with the unit, and opened by somebody else of it"(people) {
    const duty = await people("duty");
    await go(duty, "/warnings?tier=high&order=due");
    await duty.locator("[data-views]").click();
    await duty.getByText("保存当前视图…").click();
    await duty.getByLabel(/视图名称/).fill("高危待办");
    await duty.getByText(/与本单位（.*）共享/).click();
    await duty.locator(".ant-modal-footer .ant-btn-primary").click();
    const commander = await people("commander");
    await go(commander, "/warnings");
    await commander.locator("[data-views]").click();
    await commander.getByText("高危待办").click();
    await commander.waitForFunction(() => new URLSearchParams(location.search).get("tier") === "high");
  },

  async "a queue by keyboard alone"(people) {
    const duty = await people("duty");
    await go(duty, "/");
    await duty.locator("h1").focus();
    await duty.keyboard.press("/");
    await duty.locator(".search-page input:focus").waitFor();
    await duty.keyboard.type("W-7");
    await duty.keyboard.press("Enter");
    await duty.waitForFunction(() => location.pathname === "/warnings/7");
    await go(duty, "/warnings?view=all");
    await duty.locator(".queue-row").first().waitFor();
    await duty.locator("[data-queue]").focus();
    for (const key of ["j", "j", "k"]) await duty.keyboard.press(key);
    const active = await duty.locator("[data-queue]").getAttribute("aria-activedescendant");
    const second = await duty.locator(".queue-row").nth(1).getAttribute("id");
    expect(active === second, `${active} is not ${second}`);
    await duty.keyboard.press("Enter");
    await duty.waitForFunction(() => /^\/warnings\/\d+$/.test(location.pathname));
    await duty.waitForFunction(() => document.activeElement?.tagName !== "BODY"); // the page takes it when it is drawn
  },

  async "signing out ends it; an address waits for the one who signs in"() {
    const page = await newPage(browser);
    await signIn(page, "duty", `/warnings/${scene.warnings[0]}`);
    await page.locator("[data-record]").waitFor();
    await page.locator(".user-button").click();
    await page.getByText("退出登录").click();
    await page.locator(".sign-in").waitFor();
    await page.goto(`${url}/cases`);
    await page.locator(".sign-in").waitFor();
    await page.getByLabel("登录名").fill("duty");
    await page.getByLabel("口令").fill("wrong wrong wrong");
    await page.locator("form button[type=submit]").click();
    await page.locator(".note-danger").waitFor();
    await page.context().close();
  },
};

const only = process.argv[2];
const failures = new Failures();
const signedIn = new Map();
async function people(login) {
  if (!signedIn.has(login)) {
    const page = await newPage(browser);
    await signIn(page, login);
    signedIn.set(login, page);
  }
  return signedIn.get(login);
}

for (const [name, walk] of Object.entries(walks)) {
  if (only && !name.includes(only)) continue;
  try {
    await walk(people);
    for (const [login, page] of signedIn) {
      for (const fault of await takeFaults(page)) failures.add(`${name}: ${login}: ${fault}`);
    }
    console.log(`ok    ${name}`);
  } catch (error) {
    failures.add(`${name}: ${String(error.stack ?? error).split("\n").slice(0, 8).join("\n        ")}`);
    for (const [login, page] of signedIn) await page.screenshot({ path: `build/walk-${login}.png` }).catch(() => undefined);
  }
}
await browser.close();
process.exit(failures.end("walks"));
