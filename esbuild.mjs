// Builds every bundle: one short configuration each. `--watch` rebuilds on change; a missing entry fails the build.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, context } from 'esbuild';
import { noticesFile, writeNotices } from './.ci/notices.mjs';

/**
 * Modules that are left out because loading them would delay the editor's thread: translations of messages that we
 * write ourselves, and the table of file types for uploads, which we do not use.
 */
const unused = {
  name: 'unused',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: 'export {}' }));
    onLoad({ filter: /[\\/]mime-db[\\/]index\.js$/ }, () => ({ contents: 'module.exports = {}' }));
  },
};

const common = {
  bundle: true,
  metafile: true,
  minify: true,
  sourcemap: 'linked',
  logLevel: 'warning',
  target: 'node22',
  platform: 'node',
  absWorkingDir: import.meta.dirname,
  plugins: [unused],
};
const require = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";
const nodeModule = { ...common, format: 'esm', banner: { js: require } };

/**
 * The extension and the command line must start at once, so they load the engine and the language features, in bundles
 * of their own, when they are first needed.
 */
const loadedLater = {
  name: 'loaded later',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/compose\.ts$/ }, () => ({ path: './engine.cjs', external: true }));
    onResolve({ filter: /^\.\/host\/language\/register\.ts$/ }, () => ({ path: './language.cjs', external: true }));
  },
};

/** Imports the editor's module once per bundle: esbuild would copy all its properties for each `import` of it. */
const vscodeOnce = {
  name: 'vscode once',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'editor' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'editor' },
    );
    onLoad({ filter: /.*/, namespace: 'editor' }, () => ({ contents: "export * from 'vscode'" }));
  },
};

/**
 * The larger libraries are bundles of their own, so that the editor's thread loads them one by one, and that no two
 * programs bring the same.
 */
const libraries = {
  axios: "module.exports = require('axios')",
  yaml: "export * from 'yaml'",
  zod: "export { z } from 'zod'",
};
const librariesBeside = {
  name: 'libraries beside',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^(${Object.keys(libraries).join('|')})$`) }, ({ path }) => ({
      path: `./${path}.cjs`,
      external: true,
    }));
  },
};

/**
 * Leaves out the indentation of templates, and of style sheets all that is only there to be read. esbuild keeps both,
 * since they are strings. In no string of the panel do spaces at the beginning of a line mean anything.
 */
const denseTemplates = {
  name: 'dense templates',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]webview[\\/].*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replace(/\n +/g, '\n')
        .replace(/\bcss`[^`]*`/g, denseStyles),
      loader: 'ts',
    }));
  },
};

function denseStyles(sheet) {
  return sheet
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s*([{};])\s*/g, '$1')
    .replace(/([:,])\s+/g, '$1')
    .replace(/\n/g, ' ');
}

/**
 * The axes and other parts of chart.js that the panel does not use. Their classes read a property of something else as
 * soon as they are defined, which esbuild has to keep; read later, it may leave them out.
 */
const leanCharts = {
  name: 'lean charts',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]chart\.js[\\/]dist[\\/]chart\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replace(/callback: (Ticks\.formatters\.\w+)/g, 'callback(...values) { return $1.apply(this, values); }')
        .replace('static defaults = TimeScale.defaults;', 'static get defaults() { return TimeScale.defaults; }'),
    }));
  },
};

const bundles = [
  {
    ...common,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.cjs',
    format: 'cjs',
    plugins: [unused, loadedLater, vscodeOnce],
  },
  { ...common, entryPoints: ['src/compose.ts'], outfile: 'dist/engine.cjs', format: 'cjs', plugins: [librariesBeside] },
  {
    ...common,
    entryPoints: ['src/host/language/register.ts'],
    outfile: 'dist/language.cjs',
    format: 'cjs',
    plugins: [librariesBeside, vscodeOnce],
  },
  ...Object.entries(libraries).map(([name, contents]) => ({
    ...common,
    stdin: { contents, resolveDir: import.meta.dirname },
    outfile: `dist/${name}.cjs`,
    format: 'cjs',
  })),
  {
    ...nodeModule,
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/cli.js',
    plugins: [unused, loadedLater, librariesBeside],
    banner: { js: `#!/usr/bin/env node\n${require}` },
  },
  { ...nodeModule, entryPoints: ['src/worker.ts'], outfile: 'dist/worker.js' },
  { ...nodeModule, entryPoints: ['src/supervisor.ts'], outfile: 'dist/supervisor.js' },
  { ...nodeModule, entryPoints: ['src/demo/main.ts'], outfile: 'dist/demo.js' },
  {
    ...common,
    entryPoints: ['webview/panel.ts'],
    outfile: 'dist/panel.js',
    plugins: [unused, denseTemplates, leanCharts],
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  },
];

if (process.argv.includes('--watch')) {
  for (const bundle of bundles) await (await context(bundle)).watch();
} else {
  const built = await Promise.all(bundles.map(bundle => build(bundle)));
  const notices = writeNotices(
    built.map(({ metafile }) => metafile),
    import.meta.dirname,
  );
  writeFileSync(join(import.meta.dirname, 'dist', noticesFile), notices);
}
