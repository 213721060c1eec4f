import { defineConfig } from "vitest/config";

export default defineConfig({
  // The demo page is a template that the server fills in: it is copied as it stands.
  publicDir: "demo",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../../src/kefu/web",
    // Other front ends of the workspace build into the same folder.
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: "src/main.ts", name: "Kefu", formats: ["iife"], fileName: () => "widget.js" },
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.{ts,tsx}"] },
});
