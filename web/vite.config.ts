import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `npm run dev` talks to a daemon that listens on SLUICE (default 127.0.0.1:8080).
const daemon = process.env.SLUICE ?? "http://127.0.0.1:8080";

export default defineConfig(({ command }) => ({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The daemon puts a new nonce here with each answer (src/server/web.c).
  html: command === "build" ? { cspNonce: "__SLUICE_NONCE__" } : {},
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the policy has no data: scripts or fonts
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      output: {
        manualChunks(id: string) {
          if (/node_modules\/(zrender|echarts)\//.test(id)) return "charts";
          if (/node_modules\/cytoscape\//.test(id)) return "graph";
          return undefined;
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(["/v1", "/healthz", "/openapi.json"].map((path) => [path, { target: daemon }])),
  },
  test: { environment: "node", include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
}));
