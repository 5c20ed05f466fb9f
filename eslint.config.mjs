// The house rules that a machine can check: who may import whom with a sentence each, no cycles, no floating promises.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname;
const phases = ['definition', 'plan', 'run', 'verify', 'decide'];
const phase =
  'is a phase: it may import src/model/ alone; what it needs of another phase, engine.ts hands to it as a function.';
const purely = 'Pure folders do no I/O: ask for it through a port in src/model/ports.ts.';

/**
 * Who may import whom. A file belongs to the first row that names it; `*` stands for one folder or name, and a path
 * that ends in `/` for everything below it. Beside what the row lists, a file may import what its own row names. Types
 * count as imports. `packages`: `node:` is all of Node.js.
 */
export const boundaries = [
  // [files, files of ours that they may import, packages that they may import, why]
  [
    'src/model/file/',
    ['src/model/'],
    ['zod'],
    `src/model/file/ is what parser and vendors' definitions share: it may import src/model/ and zod. ${purely}`,
  ],
  ['src/model/', [], [], `src/model/ holds the nouns: it imports nothing. ${purely}`],
  [
    'src/definition/',
    ['src/model/', 'src/vendors/definitions.ts', 'src/vendors/vendor.ts'],
    ['yaml', 'zod'],
    `src/definition/ is a phase: it may import src/model/ and the vendors' definitions alone. ${purely}`,
  ],
  ['src/plan/', ['src/model/'], [], `src/plan/ ${phase} ${purely}`],
  ['src/run/', ['src/model/'], [], `src/run/ ${phase} ${purely}`],
  ['src/verify/', ['src/model/'], [], `src/verify/ ${phase} ${purely}`],
  ['src/decide/', ['src/model/'], [], `src/decide/ ${phase} ${purely}`],
  [
    'src/engine.ts',
    ['src/model/', ...phases.map(name => `src/${name}/`)],
    [],
    'engine.ts speaks the phases in order: adapters, vendors and hosts are introduced by compose.ts.',
  ],
  [
    'src/vendors/vendor.ts',
    ['src/model/'],
    ['zod'],
    `vendor.ts is the contract of all vendors: it may import src/model/ alone. ${purely}`,
  ],
  [
    'src/vendors/definitions.ts',
    ['src/model/', 'src/vendors/vendor.ts', 'src/vendors/*/definition.ts'],
    [],
    'definitions.ts names the definitions and nothing else.',
  ],
  [
    'src/vendors/*/definition.ts',
    ['src/model/', 'src/vendors/vendor.ts', '&'],
    ['zod'],
    'A definition is pure, with all that it imports (tsconfig.pure.json): it may import src/model/, ' +
      `vendor.ts and its own folder. ${purely}`,
  ],
  [
    'src/vendors/decoders.decode.ts',
    ['src/vendors/vendor.ts', 'src/vendors/*/decoders.decode.ts'],
    [],
    'decoders.decode.ts names the decoders and nothing else.',
  ],
  [
    'src/vendors/*/*.decode.ts',
    [
      'src/model/',
      'src/vendors/vendor.ts',
      'src/vendors/transport/*.decode.ts',
      'src/vendors/transport/decode/*.decode.ts',
      'src/vendors/transport/text/*.decode.ts',
      '&*.decode.ts',
      '&options.ts',
    ],
    [],
    'A decoder runs in the analysis worker: it may import src/model/, ' +
      'other decoders of its vendor and transport/, and the types of its options only.',
  ],
  [
    'src/vendors/transport/http.ts',
    ['src/model/', '&'],
    ['axios', 'node:'],
    'http.ts alone knows axios; it may import src/model/ and transport/.',
  ],
  [
    'src/vendors/transport/',
    ['src/model/'],
    ['node:'],
    'transport/ is what vendors share: it may import src/model/ alone. Only http.ts knows axios: time-outs, ' +
      'size limits, redirects and redaction are decided there.',
  ],
  [
    'src/vendors/*/',
    ['src/model/', 'src/vendors/vendor.ts', 'src/vendors/transport/', '&'],
    ['node:', 'zod'],
    'A vendor knows src/model/, vendor.ts, transport/ and the outside system it speaks to, never another vendor, ' +
      'an adapter, a phase or a host. Only http.ts knows axios.',
  ],
  [
    'src/vendors/*.ts',
    ['src/model/', 'src/vendors/'],
    ['node:'],
    'The registries and what finds a vendor by name know src/model/ and vendors, never a phase or a host.',
  ],
  [
    'src/adapters/',
    ['src/model/'],
    ['node:'],
    'An adapter knows src/model/ and this machine, never a vendor, a phase or a host. Only http.ts knows axios.',
  ],
  [
    'src/worker.ts',
    ['src/model/', 'src/verify/', 'src/vendors/decoders.decode.ts'],
    ['node:worker_threads', 'node:zlib'],
    'worker.ts wires verify to the decoders: model, verify, vendors/decoders.decode.ts, ' +
      'node:worker_threads and node:zlib only.',
  ],
  [
    'src/supervisor.ts',
    ['src/model/redact.ts', 'src/adapters/platform.ts'],
    ['node:'],
    'supervisor.ts outlives the editor: it may import node:* only, what redacts, and what platforms differ in.',
  ],
  ['src/contributions.ts', [], [], 'contributions.ts is a list: it imports nothing.'],
  [
    'src/protocol/',
    ['src/model/'],
    [],
    `src/protocol/ is shared with the webview: it may import src/model/ alone. ${purely}`,
  ],
  [
    'src/host/',
    ['src/model/', 'src/protocol/', 'src/contributions.ts', 'src/vendors/vendor.ts', 'media/'],
    ['vscode', 'yaml', 'node:'],
    'src/host/ gets the engine, the parser, history and the vendors as constructor parameters: ' +
      'it may import model, protocol, contributions and the contract of a vendor only.',
  ],
  [
    'src/terminal/',
    ['src/model/', 'src/protocol/'],
    ['node:'],
    'src/terminal/ gets the engine and history as parameters: it may import model, protocol and node:* only.',
  ],
  [
    'src/demo/',
    ['src/model/'],
    ['graphql', 'node:'],
    'src/demo/ stands for the outside world: it may import src/model/ and node:* only, ' +
      'so that the engine cannot know it.',
  ],
  [
    'src/compose.ts',
    ['src/model/', 'src/definition/', 'src/engine.ts', 'src/vendors/', 'src/adapters/'],
    ['node:'],
    'compose.ts introduces phases, vendors and adapters; hosts and terminals come after it.',
  ],
  [
    'src/extension.ts',
    ['src/model/', 'src/host/', 'src/compose.ts', 'src/adapters/', 'src/vendors/transport/'],
    ['vscode', 'node:'],
    'extension.ts is compose plus the host: no terminal, no demo.',
  ],
  [
    'src/cli.ts',
    [
      'src/model/',
      'src/verify/',
      'src/protocol/',
      'src/terminal/',
      'src/compose.ts',
      'src/run/ownership/guardian.ts',
      'src/adapters/',
      'package.json',
    ],
    ['node:'],
    'cli.ts is compose plus the terminal: no host, no demo.',
  ],
  [
    'src/reference/',
    ['src/'],
    ['node:'],
    'src/reference/ writes documents from what all the others say; it is in no bundle.',
  ],
  ['webview/controls.ts', [], ['@vscode/webview-ui-toolkit'], 'controls.ts knows the toolkit and nothing else.'],
  [
    'webview/',
    ['src/protocol/', 'src/model/'],
    ['lit', 'chart.js'],
    'A webview knows src/protocol/ and the types of src/model/ only. Only controls.ts knows the UI toolkit, ' +
      'so that leaving it is one file.',
  ],
].map(([files, folders, packages, why]) => ({ files, folders, packages, why }));

/** `*` is anything within one name; a folder holds all below it. */
const holds = (pattern, file) =>
  new RegExp(
    `^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}${pattern.endsWith('/') ? '' : '$'}`,
  ).test(file);

/** The row of a file; `&` in it is the folder of the file's vendor. */
function rowOf(file) {
  const row = boundaries.find(({ files }) => holds(files, file));
  return (
    row && {
      ...row,
      folders: [...row.folders, ...(row.files.includes('*') ? [] : [row.files])].map(folder =>
        folder.replace('&', `${file.split('/').slice(0, 3).join('/')}/`),
      ),
    }
  );
}

/**
 * Why a file may not import this; undefined where it may. Both are relative to the root, an import of a package is its
 * name.
 */
export function refusalOf(file, source) {
  const row = rowOf(file);
  if (!row) return 'No row of eslint.config.mjs names this file: say there what it may import.';
  const isOwn = source.startsWith('.');
  const target = isOwn ? relative(root, resolve(root, dirname(file), source)).replaceAll('\\', '/') : source;
  const may = isOwn
    ? row.folders.some(folder => holds(folder, target))
    : row.packages.some(name => source === name || source.startsWith(name.endsWith(':') ? name : `${name}/`));
  return may ? undefined : row.why;
}

const boundary = {
  create(context) {
    const file = relative(root, context.filename).replaceAll('\\', '/');
    const check = node => {
      const refusal = typeof node.source?.value === 'string' ? refusalOf(file, node.source.value) : undefined;
      if (refusal) context.report({ node, message: refusal });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

/** What a file imports of ours, types included. */
const importsOf = new Map();
function imports(file) {
  if (!importsOf.has(file)) {
    // The type checker says what is missing.
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const found = [...text.matchAll(/^(?:import|export)\b[^;]*?from\s+'(\.[^']+)'/gm)];
    importsOf.set(
      file,
      found.map(match => resolve(dirname(file), match[1])),
    );
  }
  return importsOf.get(file);
}
const noCycles = {
  create: context => ({
    Program(program) {
      const start = context.filename;
      const path = search(start, start, new Set());
      if (path)
        context.report({
          node: program,
          message:
            `Import cycle: ${[start, ...path].map(file => file.replace(`${root}/`, '')).join(' -> ')}. ` +
            'Move what both need into a third file.',
        });
    },
  }),
};
function search(file, target, seen) {
  for (const next of imports(file)) {
    if (next === target) return [next];
    if (seen.has(next)) continue;
    seen.add(next);
    const rest = search(next, target, seen);
    if (rest) return [next, ...rest];
  }
  return undefined;
}

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.vscode-test/', '**/*.mjs', 'src/pure.d.ts'] },
  {
    files: ['**/*.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@typescript-eslint': tseslint.plugin, house: { rules: { 'no-cycles': noCycles, boundary } } },
    rules: {
      'house/no-cycles': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'No default exports: a thing has one name everywhere.' },
      ],
      'prefer-const': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // node:test's test() returns a promise that the runner itself awaits.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'describe', 'it', 'suite'] },
          ],
        },
      ],
    },
  },
  {
    files: [
      ...['model', ...phases, 'protocol'].map(name => `src/${name}/**/*.ts`),
      'src/engine.ts',
      'src/vendors/vendor.ts',
      'src/vendors/**/{definition,sourceDefinition,definitions}.ts',
      'src/vendors/**/*.decode.ts',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'Date',
          property: 'now',
          message: 'The clock comes through a port (src/model/ports.ts), so that tests and replays can set it.',
        },
        {
          object: 'Math',
          property: 'random',
          message: 'Chance comes through a port (src/model/ports.ts), so that a run can be repeated.',
        },
      ],
      'no-restricted-globals': [
        'error',
        ...[
          'setTimeout',
          'setInterval',
          'setImmediate',
          'fetch',
          'process',
          'console',
          'performance',
          'crypto',
          'Buffer',
        ].map(name => ({
          name,
          message: `Pure folders do not use ${name}: ask for it through a port in src/model/ports.ts.`,
        })),
      ],
    },
  },
  { files: ['src/**/*.ts', 'webview/**/*.ts'], rules: { 'house/boundary': 'error' } },
  {
    // A function fits on a screen: 60 lines, with blank lines and comments.
    files: ['src/**/*.ts', 'webview/**/*.ts'],
    ignores: [
      // src/verify/ follows.
      'src/verify/**',
      // A switch with a sentence for each case: it is read by case.
      'src/protocol/words/reasonSentences.ts',
    ],
    rules: { 'max-lines-per-function': ['error', 60] },
  },
);
