// node scripts/budget.mjs DIST: how many bytes, compressed with gzip, a browser loads before the first page: what index.html names.
// Exit code 1 above the budget.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 450;
const dist = process.argv[2];
const packed = (path) => gzipSync(readFileSync(join(dist, path)), { level: 9 }).length;
const page = readFileSync(join(dist, "index.html"), "utf8");
const first = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);
let sum = 0;
for (const path of first) {
  const size = packed(path);
  sum += size;
  console.log(`${(size / 1024).toFixed(1).padStart(8)} KB  ${path}`);
}
for (const name of readdirSync(join(dist, "assets"))) {
  const path = `/assets/${name}`;
  if (!first.includes(path) && packed(path) > 20 * 1024) {
    console.log(`${(packed(path) / 1024).toFixed(1).padStart(8)} KB  ${path} (later)`);
  }
}
console.log(`${(sum / 1024).toFixed(1).padStart(8)} KB  loaded first; the budget is ${BUDGET_KB} KB`);
process.exit(sum / 1024 > BUDGET_KB ? 1 : 0);
