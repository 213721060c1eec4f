import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** `widget-more.js`: a module that the widget imports on first need, and that renders with the widget's Preact. */
export default defineConfig({
  publicDir: false,
  resolve: { alias: { preact: fileURLToPath(new URL("src/more/preact.ts", import.meta.url)) } },
  build: {
    outDir: "../../src/kefu/web",
    emptyOutDir: false,
    target: "es2022",
    // Vite leaves the white space in libraries for bundlers; this one goes to browsers.
    rolldownOptions: { output: { minify: true } },
    lib: { entry: "src/more/index.ts", formats: ["es"], fileName: () => "widget-more.js" },
  },
});
