import path from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const projectRoot = path.join(import.meta.dirname, '..');

/** The window: static files for the engine's server and for Electron alike, hence the relative base. */
export default defineConfig({
  root: path.join(projectRoot, 'renderer'),
  base: './',
  plugins: [vue()],
  build: {
    outDir: path.join(projectRoot, 'dist/renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    // Inlined assets would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    // Babylon.js is 1 MB in one piece, on purpose: it loads from this machine.
    chunkSizeWarningLimit: 3000,
  },
});
