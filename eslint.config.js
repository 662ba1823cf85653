import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';

/**
 * What each room must not import. Data flows from media down to reasoning; the contract stands alone, the engine wires
 * the rooms together, and only `main` and `preload` know Electron.
 */
const forbiddenRooms = {
  contract: ['media', 'geometry', 'perception', 'memory', 'scene', 'reasoning', 'engine', 'server', 'cli', 'main'],
  media: ['geometry', 'perception', 'memory', 'scene', 'reasoning', 'engine', 'server', 'cli', 'main'],
  geometry: ['perception', 'memory', 'scene', 'reasoning', 'engine', 'server', 'cli', 'main'],
  perception: ['memory', 'scene', 'reasoning', 'engine', 'server', 'cli', 'main'],
  memory: ['scene', 'reasoning', 'engine', 'server', 'cli', 'main'],
  scene: ['reasoning', 'engine', 'server', 'cli', 'main'],
  reasoning: ['engine', 'server', 'cli', 'main', 'renderer'],
  engine: ['server', 'cli', 'main', 'renderer'],
  server: ['cli', 'main', 'renderer'],
  cli: ['main', 'renderer'],
  main: ['media', 'geometry', 'perception', 'memory', 'scene', 'reasoning', 'cli', 'renderer'],
  preload: ['media', 'geometry', 'perception', 'memory', 'scene', 'reasoning', 'engine', 'server', 'cli', 'renderer'],
};

const electronRooms = new Set(['main', 'preload']);

const roomRules = Object.entries(forbiddenRooms).map(([room, forbidden]) => ({
  files: [`app/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: electronRooms.has(room)
          ? []
          : [{ name: 'electron', message: 'Only app/main and app/preload know Electron.' }],
        patterns: [
          {
            group: forbidden.map((name) => `**/${name}/**`),
            message: `app/${room} must not import this room: data flows down (README, "Rooms").`,
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'native/build', 'native/node_modules'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...vue.configs['flat/recommended'],
  {
    languageOptions: {
      globals: { ...globals.node },
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js'] },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      curly: ['error', 'all'],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Private members are `#private`, so the keyword would only be noise on the public ones.
      '@typescript-eslint/explicit-member-accessibility': ['error', { accessibility: 'no-public' }],
    },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser } },
  },
  {
    files: ['renderer/**/*.{ts,vue}'],
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      // Components are imported by name, so no HTML element can be meant; optional properties are typed.
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: 'electron', message: 'Only app/main and app/preload know Electron.' }],
          patterns: [
            {
              regex: 'app/(?!contract/)',
              message: 'The window knows the engine through app/contract alone.',
            },
          ],
        },
      ],
    },
  },
  ...roomRules,
  {
    files: ['eslint.config.js'],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    // Assertions on fixtures read better without a guard round every index.
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  prettier,
);
