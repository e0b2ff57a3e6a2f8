// Whoever reads Chinese reads no English sentence of the daemon's: each way in which it refuses is walked in the Chinese console,
// and every answer with words in it that passes by is looked at too.
import { Failures, go, launch, newPage, scene, settle, signIn, takeFaults } from "./browser.mjs";

const browser = await launch();
const failures = new Failures();

/** Three English words in a row; code, file names and quoted input are none. */
const SENTENCE = /(?:\b[A-Za-z]{2,}\b[ ,:;]+){2,}\b[A-Za-z]{2,}\b/;
const english = (text) => SENTENCE.exec(text.replace(/`[^`]*`|“[^”]*”|\{[^}]*\}/g, ""))?.[0];

async function people(login) {
  const page = await newPage(browser, { language: "zh" });
  await signIn(page, login);
  return page;
}

/** What the page says in its notes, its fields' mistakes and its states; what is being loaded comes and goes. */
async function wordsOf(page, where) {
  for (let tries = 0; tries < 600; tries++) {
    const texts = (await page.locator(where).allInnerTexts()).join("\n");
    if (texts.trim() !== "") return texts;
    await page.waitForTimeout(100);
  }
  throw new Error(`nothing is said in ${where}`);
}

async function expectChinese(page, where) {
  await page.locator(where).first().waitFor();
  const text = await wordsOf(page, where);
  if (!/[\u4e00-\u9fff]/.test(text)) throw new Error(`no Chinese: ${text}`);
  const found = english(text);
  if (found) throw new Error(`English: "${found}" in: ${text}`);
}

async function upload(page, name, content) {
  await go(page, "/import");
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
  await page.locator(".ant-modal input").first().fill("侦办案件调取的银行流水");
  await page.locator(".ant-modal input").first().press("Enter");
  await page.waitForFunction(() => /\/import\/\d+$/.test(location.pathname) || document.querySelector(".ant-modal .note-danger"));
}

const NOTE = ".note-danger, .note-warning";

const walks = {
  async "a trace from a transfer that is not there, and of too much money"() {
    const page = await people("analyst");
    await go(page, "/trace?transfer=NOSUCH");
    await expectChinese(page, "main .state, main .note-danger");
    await go(page, "/trace?account=account%3A999&at=2026-11-25T09%3A30%3A00%2B08%3A00&amount=100");
    await expectChinese(page, "main .state, main .note-danger");
  },
  async "files that are no text, and a mapping that names what is not there"() {
    const page = await people("analyst");
    for (const [name, content] of [["流水.pdf", "%PDF-1.7 …"], ["流水.xlsx", "PK\u0003\u0004…"], ["空.csv", "流水号\n"]]) {
      await upload(page, name, content);
      await expectChinese(page, "main .note-danger, main .note-warning, main .state, .ant-modal .note-danger");
      await page.keyboard.press("Escape");
    }
  },
  async "a draft of a rule with mistakes of every part"() {
    const page = await people("analyst");
    await page.evaluate(() => undefined);
    const answer = await page.evaluate(async (texts) => {
      const all = [];
      for (const text of texts) {
        const response = await fetch("/v1/rules/check", {
          method: "POST", headers: { "Content-Type": "application/json", "Sluice-CSRF": "1" },
          body: JSON.stringify({ draft: { path: "a/draft.rule", text } }),
        });
        all.push({ status: response.status, body: await response.json() });
      }
      return all;
    }, ["rule x {\n  when payee.in_count_1h >\n}\n", "rulle x {\n", "rule x {\n  typology nothing\n  when 1 + true\n  score 200\n}\n"]);
    for (const { status, body } of answer) {
      const said = [body.detail_zh ?? (body.detail ? body.detail : ""), ...(body.problems ?? []).map((one) => one.detail_zh ?? one.detail)];
      for (const text of said) if (english(text)) throw new Error(`${status}: ${text}`);
    }
  },
  async "a form that lacks and has wrong values"() {
    const page = await people("duty");
    await go(page, "/warnings");
    await page.locator("[data-make=create]").first().click();
    await page.locator(".ant-modal").waitFor();
    await page.locator(".ant-modal .ant-modal-footer .ant-btn-primary").click();
    await expectChinese(page, ".ant-modal .field-error, .ant-modal .note-danger");
  },
  async "acts that the state, the law and four eyes do not allow"() {
    const page = await people("commander");
    const said = await page.evaluate(async (ids) => {
      const post = async (path, body, version) => {
        const response = await fetch(path, {
          method: "POST",
          headers: { "Content-Type": "application/json", "Sluice-CSRF": "1", "Idempotency-Key": crypto.randomUUID(), ...(version ? { "If-Match": `"${version}"` } : {}) },
          body: JSON.stringify(body),
        });
        return response.ok ? null : await response.json();
      };
      const version = async (path) => (await (await fetch(path)).json()).version;
      const all = [];
      for (const [kind, id, act, body] of [
        ["warnings", ids.warnings[0], "approve_closing", {}], ["warnings", ids.warnings[6], "close", {}], ["warnings", ids.warnings[6], "nothing", {}],
        ["stops", ids.stop, "approve", {}], ["stops", ids.stop, "release", { release_reason: "x" }], ["stops", ids.proposed_stop, "confirm", {}],
        ["freezes", ids.freeze, "approve", {}], ["cases", ids.case, "close", { closing: "solved" }], ["cases", ids.case_to_file, "approve_filing", {}],
        ["leads", ids.leads[0], "finish", {}], ["bulletins", ids.bulletin, "approve", {}], ["targets", ids.target, "approve", {}],
        ["returns", ids.returned, "submit", {}], ["operations", ids.operation, "finish", {}], ["campaigns", ids.campaign, "finish", {}],
      ]) {
        all.push(await post(`/v1/${kind}/${id}/${act}`, body, await version(`/v1/${kind}/${id}`)));
        all.push(await post(`/v1/${kind}/${id}/${act}`, body));
        all.push(await post(`/v1/${kind}/${id}/${act}`, { ...body, nonsense: 1 }, 1));
      }
      for (const [collection, body] of [
        ["stops", { account: "x", amount_fen: -1, institution: "nobody" }], ["freezes", { case: 999 }], ["warnings", { tier: "blue" }],
        ["reports", { transfers: [{}] }], ["inquiries", {}], ["operations", { from: "yesterday" }], ["leads", []], ["cases", "x"],
      ]) all.push(await post(`/v1/${collection}`, body));
      for (const path of ["/v1/stops/99999", "/v1/stops?order=holder", "/v1/stops?state=x", "/v1/nothing", "/v1/stops?limit=0", "/v1/documents/1", "/v1/stops?cursor=x"]) {
        const response = await fetch(path);
        if (!response.ok) all.push(await response.json());
      }
      return all.filter(Boolean);
    }, scene);
    if (said.length < 40) throw new Error(`only ${said.length} refusals`);
    const wrong = said.flatMap((problem) => [problem, ...(problem.errors ?? [])])
      .filter((one) => one.detail && (!one.detail_zh || english(one.detail_zh)))
      .map((one) => `${one.detail} -> ${one.detail_zh ?? "(none)"}`);
    if (wrong.length > 0) throw new Error([...new Set(wrong)].join("\n       "));
  },
  async "bulk acts of which some are refused"() {
    const page = await people("duty");
    await go(page, "/warnings?view=new");
    await page.locator("[data-queue] .queue-row").first().waitFor();
    await page.locator("[data-queue]").focus();
    for (const key of ["x", "j", "x", "j", "x"]) await page.keyboard.press(key);
    const asOther = await people("commander"); // takes one of them meanwhile
    await asOther.evaluate(async () => {
      const { items } = await (await fetch("/v1/warnings?state=new&limit=3")).json();
      for (const row of items) {
        await fetch(`/v1/warnings/${row.id}/sign`, {
          method: "POST", body: "{}",
          headers: { "Content-Type": "application/json", "Sluice-CSRF": "1", "If-Match": `"${row.version}"`, "Idempotency-Key": crypto.randomUUID() },
        });
      }
    });
    await page.locator("[data-bulk-act]").first().click();
    await page.locator("[data-bulk-run]").click();
    await page.locator(".bulk-results li").nth(1).waitFor();
    const found = english(await wordsOf(page, ".bulk-results"));
    if (found) throw new Error(`English: ${found}`);
  },
};

for (const [name, walk] of Object.entries(walks)) {
  try {
    await walk();
    console.log(`ok    ${name}`);
  } catch (error) {
    failures.add(`${name}: ${error.message}`);
  }
}
await browser.close();
process.exit(failures.end(`${Object.keys(walks).length} walks in Chinese`));
