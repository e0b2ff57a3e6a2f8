// An answer of GET /v1/traces of a size that no data set has just so: layers of ten, so that none is folded on the canvas.
const LAYERS_OF = 10;

export function traceOf(nodes, edges) {
  const layers = Math.ceil(nodes / LAYERS_OF);
  const key = (i) => `account:622848040256${1_000_000 + i}`;
  const layer = (i) => (i === 0 ? 0 : 1 + Math.floor(((i - 1) * (layers - 1)) / (nodes - 1)));
  const time = (s) => new Date(Date.UTC(2026, 10, 25, 1, 0, s)).toISOString();
  const members = Array.from({ length: layers }, () => []);
  for (let i = 0; i < nodes; i++) members[layer(i)].push(i);
  const accounts = Array.from({ length: nodes }, (_, i) => ({
    key: key(i), layer: layer(i), is_start: i === 0, status: "open", in_fen: 100000 + i * 977, out_fen: 90000,
    held_fen: i % 3 ? 0 : 10000, cut_fen: 0, opening_fen: 0, balance_fen: 10000, opening_inferred: true, first: time(i),
    last: time(i + 60), dwell_ms: 60000,
  }));
  const made = [];
  const pairs = new Set();
  const add = (a, b) => {
    const n = made.length;
    pairs.add(`${a} ${b}`);
    made.push({
      from: key(a), to: key(b), sink: null, count: 1 + (n % 4), amount_fen: 50000 + n * 131, taint_fen: 40000 + n * 113,
      first: time(n), last: time(n + 30),
    });
  };
  for (let i = 1; i < nodes; i++) {
    const above = members[layer(i) - 1];
    add(above[(i * 7) % above.length], i);
  }
  for (let n = 0; made.length < edges; n++) {
    const a = (n * 13) % nodes;
    const below = members[Math.min(layers - 1, layer(a) + 1)];
    const b = below[(n * 5) % below.length];
    if (a !== b && !pairs.has(`${a} ${b}`)) add(a, b);
  }
  const layout = accounts.map((account, i) => ({
    key: account.key, sink: null, column: layer(i), row: members[layer(i)].indexOf(i), x: layer(i) * 480,
    y: members[layer(i)].indexOf(i) * 68, height: 50,
  }));
  return {
    start: { victim: "v", transfer: "BENCH", account: key(0), time: time(0), amount_fen: 1e8, currency: "CNY" }, method: "fifo",
    as_of: 1, total_fen: 1e8, accounts, edges: made, sinks: [], cut: [], stop_list: [], layout, entries_read: 1,
    transfers_followed: edges, mixed_currency: false, ledger_sha256: "0".repeat(64),
  };
}
