import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Two cores: more workers than that would only make real FFmpeg, LanceDB and Chromium starve each other.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['app/**/*.test.ts', 'renderer/**/*.test.ts', 'build/**/*.test.ts', 'samples/**/*.test.ts'],
        },
      },
      { extends: true, test: { name: 'behaviour', include: ['test/behaviour/**/*.test.ts'] } },
      { extends: true, test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], fileParallelism: false } },
    ],
  },
});
