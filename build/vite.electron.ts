import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';
import packageJson from '../package.json' with { type: 'json' };

const external = [
  'electron',
  ...builtinModules.flatMap((name) => [name, `node:${name}`]),
  ...Object.keys(packageJson.dependencies).flatMap((name) => [name, new RegExp(`^${name}/`)]),
];

/**
 * Bundles the desktop's own code: main and engine process as modules, and (`--mode preload`) the preload script as
 * CommonJS, the only form that a sandboxed preload may have.
 */
export default defineConfig(({ mode }) => {
  const preload = mode === 'preload';
  return {
    build: {
      ssr: true,
      target: 'node24',
      outDir: 'dist/main',
      emptyOutDir: !preload,
      rolldownOptions: {
        external,
        input: preload
          ? { preload: 'app/preload/preload.ts' }
          : { main: 'app/main/main.ts', 'engine-process': 'app/server/engine-process.ts' },
        output: preload
          ? { format: 'cjs', entryFileNames: '[name].cjs' }
          : { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  };
});
