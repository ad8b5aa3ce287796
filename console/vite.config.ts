// Builds the page into dist/, which pickupd serves under /console/: relative paths, because a
// proxy may put it elsewhere; no inline script, because the server's policy refuses those.
import { defineConfig } from 'vitest/config';

// Whom `npm run dev` asks: a pickupd with the shipped configuration.
const operators = 'http://127.0.0.1:9090';

export default defineConfig({
  base: './',
  build: {
    target: 'es2021',
    modulePreload: { polyfill: false },
    // Small files too stay files: a font or image in a data: URL would need a wider policy.
    assetsInlineLimit: 0,
  },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  server: {
    proxy: Object.fromEntries(
      ['/admin', '/pickupcalls', '/taxicalls'].map((path) => [path, operators]),
    ),
  },
  test: { include: ['test/**/*.test.ts'] },
});
