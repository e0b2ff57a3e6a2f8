// node scripts/api.mjs OPENAPI.json > src/api/schema.d.ts: the API's types, short enough to be read.
//
// openapi-typescript makes the types of the schemas; the operations become one line each, with what goes in and what
// comes out. Descriptions stay out: the document has them.
import { readFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const document = JSON.parse(readFileSync(process.argv[2], "utf8"));

// What the API writes beside the types is for people who read the document.
function bare(value) {
  if (Array.isArray(value)) return value.map(bare);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => !(["description", "pattern", "format"].includes(name) && typeof inner === "string"))
      .map(([name, inner]) => [name, bare(inner)]),
  );
}

const schemas = bare(document.components.schemas);
// A page is a list of its record, not a copy of the record's fields.
for (const name of Object.keys(schemas)) {
  const record = name.endsWith("_page") ? name.slice(0, -"_page".length) : "";
  if (schemas[record] && schemas[name].properties?.items) {
    schemas[name].properties.items = { type: "array", items: { $ref: `#/components/schemas/${record}` } };
  }
}
const types = astToString(
  await openapiTS({ openapi: "3.1.0", info: { title: "", version: "" }, paths: {}, components: { schemas } }),
);

const nameOf = (media) => {
  const schema = media?.["application/json"]?.schema;
  const name = schema?.$ref?.split("/").at(-1);
  return name ? `Schemas["${name}"]` : schema || media ? "unknown" : "never";
};

const lines = [];
for (const [path, item] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(item)) {
    if (!operation?.operationId) continue;
    const query = (operation.parameters ?? []).filter((p) => p.in === "query").map((p) => `"${p.name}"`);
    const [, good] = Object.entries(operation.responses).find(([status]) => status.startsWith("2")) ?? [];
    lines.push(
      `  "${method.toUpperCase()} ${path}": { query: ${query.join(" | ") || "never"}; body: ${nameOf(operation.requestBody?.content)}; answer: ${nameOf(good?.content)} };`,
    );
  }
}

const start = types.indexOf("export interface components");
const end = types.indexOf("export type $defs");
process.stdout.write(
  `// Made by scripts/console_api.sh from the daemon's /openapi.json; not to be edited.\n\n${types.slice(start, end).trim()}\n\nexport type Schemas = components["schemas"];\n\n/** What goes in and comes out, by method and path. */\nexport interface Operations {\n${lines.join("\n")}\n}\n`,
);
