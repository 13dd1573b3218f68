import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// What `make ui-dev` forwards to: a running rule-service, through which the browser reaches all the others too.
const target = process.env.ALERTING_UI_BACKEND ?? "http://127.0.0.1:8081";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../services/alerting/ui_dist",
    emptyOutDir: true,
    manifest: true,
    // The limit is the one of scripts/size.mjs, on what is sent.
    chunkSizeWarningLimit: 1000,
    target: ["chrome123", "firefox121", "safari17.5"],
  },
  server: { host: "127.0.0.1", proxy: { "/api": { target, changeOrigin: true } } },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test/setup.ts"],
    restoreMocks: true,
    // Generous, for a machine that does something else as well: a test waits for what it wants to see, and no longer.
    testTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    css: false,
  },
});
