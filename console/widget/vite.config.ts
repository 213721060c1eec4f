import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Bytes of gzip that the script on a shop's page may have. */
const BUDGET = 15_000;

export default defineConfig({
  // The demo page is a template that the server fills in: it is copied as it stands.
  publicDir: "demo",
  plugins: [within(BUDGET)],
  build: {
    outDir: "../../src/kefu/web",
    // Two builds, and other front ends of the workspace, share the folder.
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: "src/main.ts", name: "Kefu", formats: ["iife"], fileName: () => "widget.js" },
  },
  // What only Preact's developer tools read would otherwise stand in the tested elements.
  oxc: { jsx: { development: false } },
  test: { environment: "happy-dom", include: ["tests/**/*.test.{ts,tsx}"] },
});

/** Fails the build whose script is larger. */
function within(budget: number): Plugin {
  return {
    name: "size-budget",
    apply: "build",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "chunk") continue;
        const size = gzipSync(file.code, { level: 9 }).length;
        if (size > budget) this.error(`${file.fileName} is ${size} bytes gzipped, its budget is ${budget}`);
      }
    },
  };
}
