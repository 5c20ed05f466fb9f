// The house rules that a machine can check: import boundaries with a sentence each, no cycles, no floating promises.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import tseslint from 'typescript-eslint';

const node = {
  group: ['node:*', 'axios'],
  message: 'Pure folders do no I/O: ask for it through a port in src/model/ports.ts.',
};
const vscode = {
  group: ['vscode'],
  message: 'Only src/host/ and src/extension.ts may import vscode, so that the engine also runs in a terminal.',
};
const phases = ['definition', 'plan', 'run', 'verify', 'decide'];
const outside = (...folders) => [...folders.flatMap(folder => [`**/${folder}/**`, `**/${folder}.ts`]), '!**/model/**'];

/** A phase knows src/model and nothing else. */
const phase = name => ({
  files: [`src/${name}/**/*.ts`],
  patterns: [
    node,
    vscode,
    {
      group: outside(
        ...phases.filter(other => other !== name),
        'engine',
        'compose',
        'adapters',
        'vendors',
        'host',
        'terminal',
        'protocol',
        'demo',
        'contributions',
        'webview',
      ),
      message: `src/${name}/ is a phase: it may import src/model/ alone; what it needs of another phase, engine.ts hands to it as a function.`,
    },
  ],
});

export const boundaries = [
  {
    files: ['src/model/**/*.ts'],
    patterns: [
      node,
      vscode,
      {
        regex: '^\\.\\./(?!(runs|evidence)/|[A-Za-z]+\\.ts$)',
        message: 'src/model/ holds the nouns: it imports nothing.',
      },
    ],
  },
  ...phases.map(phase),
  {
    files: ['src/engine.ts'],
    patterns: [
      node,
      vscode,
      {
        group: outside('adapters', 'vendors', 'host', 'terminal', 'demo', 'protocol', 'compose'),
        message: 'engine.ts speaks the phases in order: adapters and hosts are introduced by compose.ts.',
      },
    ],
  },
  {
    files: ['src/adapters/**/*.ts', 'src/vendors/**/*.ts'],
    ignores: ['src/vendors/**/*.decode.ts', 'src/vendors/transport/http.ts'],
    patterns: [
      vscode,
      {
        group: outside(...phases, 'engine', 'compose', 'host', 'terminal', 'protocol', 'demo'),
        message: 'An adapter knows src/model/ and the outside thing it speaks to, never a phase or a host.',
      },
      {
        group: ['axios'],
        message: 'Only http.ts knows axios: time-outs, size limits, redirects and redaction are decided there.',
      },
    ],
  },
  {
    files: ['src/vendors/transport/http.ts'],
    patterns: [
      vscode,
      {
        group: outside(...phases, 'engine', 'compose', 'host', 'terminal', 'protocol', 'demo'),
        message: 'An adapter knows src/model/ and the outside thing it speaks to, never a phase or a host.',
      },
    ],
  },
  {
    files: ['src/vendors/**/*.decode.ts'],
    patterns: [
      node,
      vscode,
      {
        regex: '^\\.\\.?/(?!(\\.\\./)*(model/.*|([A-Za-z]+/)?[^/]+\\.decode\\.ts)$)',
        message: 'A decoder runs in the analysis worker: it may import src/model/ and other decoders only.',
      },
    ],
  },
  {
    files: ['src/worker.ts'],
    patterns: [
      vscode,
      {
        regex: '^(axios|node:(?!worker_threads|zlib).*|\\./(?!model/|verify/|vendors/[^/]+\\.decode\\.ts).*)$',
        message:
          'worker.ts wires verify to the decoders: model, verify, vendors/**/*.decode.ts, node:worker_threads and node:zlib only.',
      },
    ],
  },
  {
    files: ['src/supervisor.ts'],
    patterns: [
      {
        regex: '^(?!node:|\\./model/redact\\.ts$)',
        message: 'supervisor.ts outlives the editor: it may import node:* only, and what redacts.',
      },
    ],
  },
  {
    files: ['src/host/**/*.ts'],
    patterns: [
      {
        group: ['axios', ...outside(...phases, 'engine', 'compose', 'adapters', 'vendors', 'terminal', 'demo')],
        message:
          'src/host/ gets the engine, the parser and history as constructor parameters: it may import model, protocol and contributions only.',
      },
    ],
  },
  {
    files: ['src/terminal/**/*.ts'],
    patterns: [
      vscode,
      {
        group: ['axios', ...outside(...phases, 'engine', 'compose', 'adapters', 'vendors', 'host', 'demo')],
        message:
          'src/terminal/ gets the engine and history as parameters: it may import model, protocol and node:* only.',
      },
    ],
  },
  {
    files: ['src/protocol/**/*.ts'],
    patterns: [
      node,
      vscode,
      {
        group: outside(...phases, 'engine', 'compose', 'adapters', 'vendors', 'host', 'terminal', 'demo', 'webview'),
        message: 'src/protocol/ is shared with the webview: it may import src/model/ alone.',
      },
    ],
  },
  {
    files: ['src/demo/**/*.ts'],
    patterns: [
      vscode,
      {
        group: [
          'axios',
          ...outside(...phases, 'engine', 'compose', 'adapters', 'vendors', 'host', 'terminal', 'protocol'),
        ],
        message:
          'src/demo/ stands for the outside world: it may import src/model/ and node:* only, so that the engine cannot know it.',
      },
    ],
  },
  {
    files: ['src/compose.ts'],
    patterns: [
      vscode,
      {
        group: outside('host', 'terminal', 'demo'),
        message: 'compose.ts introduces phases and adapters; hosts and terminals come after it.',
      },
    ],
  },
  {
    files: ['src/cli.ts'],
    patterns: [
      vscode,
      { group: outside('host', 'demo'), message: 'cli.ts is compose plus the terminal: no host, no demo.' },
    ],
  },
  {
    files: ['webview/**/*.ts'],
    ignores: ['webview/controls.ts'],
    patterns: [
      vscode,
      node,
      {
        group: ['@vscode/webview-ui-toolkit'],
        message: 'Only controls.ts knows the UI toolkit, so that leaving it is one file.',
      },
      { regex: 'src/(?!protocol/|model/)', message: 'A webview knows src/protocol/ and the types of src/model/ only.' },
    ],
  },
  {
    files: ['webview/controls.ts'],
    patterns: [vscode, node, { regex: 'src/', message: 'controls.ts knows the toolkit and nothing else.' }],
  },
];

/** Relative imports of a file that are there at run time. */
const importsOf = new Map();
function runtimeImports(file) {
  if (!importsOf.has(file)) {
    let text = '';
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      /* the type checker says that it is missing */
    }
    const found = [...text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+'(\.[^']+)'/gm)].map(match =>
      resolve(dirname(file), match[1]),
    );
    importsOf.set(file, found);
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
          message: `Import cycle: ${[start, ...path].map(file => file.replace(`${import.meta.dirname}/`, '')).join(' -> ')}. Move what both need into a third file.`,
        });
    },
  }),
};
function search(file, target, seen) {
  for (const next of runtimeImports(file)) {
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
    plugins: { '@typescript-eslint': tseslint.plugin, house: { rules: { 'no-cycles': noCycles } } },
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
    files: ['src/model/**/*.ts', ...phases.map(name => `src/${name}/**/*.ts`), 'src/engine.ts', 'src/protocol/**/*.ts'],
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
  ...boundaries.map(({ files, ignores = [], patterns }) => ({
    files,
    ignores,
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  })),
);
