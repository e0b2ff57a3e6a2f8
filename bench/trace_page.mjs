// How fast the trace page draws, and how smoothly it pans: 300 nodes and 700 edges through the real page in headless Chromium.
// The page and everything else come from the daemon; only the answer of GET /v1/traces is made here, because its size is the
// question. Target: drawn within 0.7 s of the answer's arrival, panning at 40 frames a second.
//
//   SLUICE_BIN=… python3 tests/e2e/console/money.py node bench/trace_page.mjs
import { launch, newPage, settle, signIn, url } from "../tests/e2e/console/browser.mjs";

const NODES = 300, EDGES = 700, LAYERS = 30, RUNS = 5;

/** Thirty layers of ten, so that no layer is folded: all of it is on the canvas. */
function synthetic() {
  const key = (i) => `account:622848040256${String(1000000 + i)}`;
  const layer = (i) => (i === 0 ? 0 : 1 + Math.floor(((i - 1) * (LAYERS - 1)) / (NODES - 1)));
  const time = (s) => new Date(Date.UTC(2026, 10, 25, 1, 0, s)).toISOString();
  const members = Array.from({ length: LAYERS }, () => []);
  for (let i = 0; i < NODES; i++) members[layer(i)].push(i);
  const accounts = Array.from({ length: NODES }, (_, i) => ({
    key: key(i), layer: layer(i), is_start: i === 0, status: "open", in_fen: 100000 + i * 977, out_fen: 90000, held_fen: i % 3 ? 0 : 10000,
    cut_fen: 0, opening_fen: 0, balance_fen: 10000, opening_inferred: true, first: time(i), last: time(i + 60), dwell_ms: 60000,
  }));
  const edges = [];
  const add = (a, b) => edges.push({ from: key(a), to: key(b), sink: null, count: 1 + (edges.length % 4), amount_fen: 50000 + edges.length * 131, taint_fen: 40000 + edges.length * 113, first: time(edges.length), last: time(edges.length + 30) });
  for (let i = 1; i < NODES; i++) { const above = members[layer(i) - 1]; add(above[(i * 7) % above.length], i); }
  for (let n = 0; edges.length < EDGES; n++) { const a = (n * 13) % NODES; const below = members[Math.min(LAYERS - 1, layer(a) + 1)]; const b = below[(n * 5) % below.length]; if (a !== b && !edges.some((e) => e.from === key(a) && e.to === key(b))) add(a, b); }
  const layout = accounts.map((account, i) => { const row = members[layer(i)].indexOf(i); return { key: account.key, sink: null, column: layer(i), row, x: layer(i) * 480, y: row * 68, height: 50 }; });
  return { start: { victim: "v", transfer: "BENCH", account: key(0), time: time(0), amount_fen: 1e8, currency: "CNY" }, method: "fifo", as_of: 1, total_fen: 1e8, accounts, edges, sinks: [], cut: [], stop_list: [], layout, entries_read: 1, transfers_followed: EDGES, mixed_currency: false, ledger_sha256: "0".repeat(64) };
}

const browser = await launch();
const page = await newPage(browser);
await page.route("**/v1/traces?*", (route) => route.fulfill({ json: synthetic() }));
await signIn(page, "analyst", "/trace?transfer=WARM");
await page.locator(".trace-canvas[data-nodes]").waitFor();
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const draws = [], rates = [];
for (let run = 0; run < RUNS; run++) {
  await page.goto(`${url}/trace`);
  await settle(page);
  await page.getByLabel(/流水号/).fill(`BENCH${run}`);
  const drawn = await page.evaluate(async () => {
    performance.clearMarks();
    const done = new Promise((resolve) => {
      const observer = new PerformanceObserver((list) => {
        const mark = list.getEntriesByName("trace-drawn")[0];
        if (mark) requestAnimationFrame(() => setTimeout(() => resolve(performance.now()), 0));
      });
      observer.observe({ entryTypes: ["mark"] });
    });
    document.querySelector(".trace-form button[type=submit]").click();
    const end = await done;
    const answer = performance.getEntriesByType("resource").filter((one) => one.name.includes("/v1/traces")).at(-1);
    return end - answer.responseEnd;
  });
  draws.push(drawn);
  const canvas = page.locator(".trace-canvas");
  const box = await canvas.boundingBox();
  if (run === 0) console.log(`on the canvas: ${await canvas.getAttribute("data-nodes")} nodes, ${await canvas.getAttribute("data-edges")} edges`);
  await page.keyboard.press("f");
  await page.evaluate(() => {
    window.frames_ = 0;
    window.until_ = performance.now() + 2000;
    const tick = () => { window.frames_++; if (performance.now() < window.until_) requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
  });
  const begin = performance.now();
  const [x, y] = [box.x + box.width * 0.5, box.y + box.height * 0.9];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 0; performance.now() - begin < 1900; i++) await page.mouse.move(x + 120 * Math.sin(i / 9), y - 60 * Math.abs(Math.sin(i / 13)));
  await page.mouse.up();
  await page.waitForTimeout(200);
  rates.push((await page.evaluate(() => window.frames_)) / 2);
}
console.log(`drawn after the answer: median ${median(draws).toFixed(0)} ms (${draws.map((d) => d.toFixed(0)).join(", ")}); target 700`);
console.log(`panning: median ${median(rates).toFixed(0)} frames/s (${rates.map((d) => d.toFixed(0)).join(", ")}); target 40`);
await browser.close();
