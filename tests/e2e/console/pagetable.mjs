// The console's own table of pages (web/src/pages/*/page.ts), read as the console reads it: paths, roles, menu, kinds of records.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const web = fileURLToPath(new URL("../../../web/", import.meta.url));
const require = createRequire(`${web}package.json`);

export async function pageTable() {
  // Nothing of it in web/node_modules: two tests do this at once, and the packages' test copies the folder meanwhile.
  const cacheDir = mkdtempSync(join(tmpdir(), "sluice-vite-"));
  const { createServer } = await import(pathToFileURL(require.resolve("vite")).href);
  const server = await createServer({
    root: web,
    configFile: false,
    cacheDir,
    resolve: { alias: { "@": `${web}src` } },
    server: { middlewareMode: true, ws: false, watch: null },
    appType: "custom",
    logLevel: "error",
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  try {
    const { pages } = await server.ssrLoadModule("/src/pages/registry.ts");
    return pages.map(({ path, roles, menu, record, bare }) => ({ path, roles, inMenu: menu !== undefined, record, bare: bare === true }));
  } finally {
    await server.close();
    rmSync(cacheDir, { recursive: true, force: true });
  }
}

/** Where a record of a kind is shown. */
export function recordPath(pages, kind, collection, id) {
  const own = pages.find((page) => page.record === kind);
  return own ? own.path.replace(":id", id) : `/records/${collection}/${id}`;
}
