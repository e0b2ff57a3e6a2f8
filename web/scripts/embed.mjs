// node scripts/embed.mjs FOLDER: FOLDER/dist becomes FOLDER/web_files.bin, all files and their compressed forms one
// after the other, and FOLDER/web_files.c, the table of src/server/web_private.h that says where each is.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = process.argv[2];
const dist = join(folder, "dist");

const TYPES = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  webmanifest: "application/manifest+json",
  woff2: "font/woff2",
};

const parts = [];
let offset = 0;
function put(bytes) {
  const at = `{${offset}u, ${bytes.length}u}`;
  parts.push(bytes);
  offset += bytes.length;
  return at;
}

const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const paths = readdirSync(dist, { recursive: true })
  .map((name) => join(dist, String(name)))
  .filter((path) => statSync(path).isFile())
  .map((path) => `/${relative(dist, path)}`)
  .sort(byBytes);

const rows = paths.map((path) => {
  const bytes = readFileSync(join(dist, path));
  const ending = path.slice(path.lastIndexOf(".") + 1);
  const type = TYPES[ending];
  if (!type) throw new Error(`${path}: what content type is .${ending}? Add it to scripts/embed.mjs`);
  const isPage = path === "/index.html";
  const isText = /^(text|application)|svg/.test(type) && !isPage;
  const gzip = gzipSync(bytes, { level: 9 });
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const smaller = (packed) => (isText && packed.length < bytes.length ? put(packed) : "{0u, 0u}");
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
  const text = [path, type, hash].map((word) => JSON.stringify(word)).join(", ");
  return `    {${text}, ${path.startsWith("/assets/")}, ${isPage}, ${put(bytes)}, ${smaller(gzip)}, ${smaller(brotli)}},\n`;
});

writeFileSync(join(folder, "web_files.bin"), Buffer.concat(parts));
writeFileSync(
  join(folder, "web_files.c"),
  `/* Made by web/scripts/embed.mjs. */\n#include "server/web_private.h"\n\nconst web_file WEB_FILES[] = {\n${rows.join("")}};\nconst size_t WEB_FILE_COUNT = ${rows.length};\n`,
);
