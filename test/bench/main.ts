// `npm run bench -- NAME [DATA FOLDER] [--seed N] [--runs N] [--world open|wide] [--json]`: figures on standard output;
// everything else on standard error.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { MissingData, meetsTargets, type BenchOptions, type BenchResult } from './bench.ts';
import { summarize } from './summary.ts';

/** Each prints lines of its own and has no targets. */
const judges: Record<string, () => Promise<{ judge(path: string, print: (line: string) => void): Promise<void> }>> = {
  'judge-logs': () => import('./logs/judgeLogs.ts'),
  'judge-metrics': () => import('./metrics/judgeMetrics.ts'),
  'judge-openstack': () => import('./metrics/judgeOpenstack.ts'),
  ablation: () => import('./logs/ablation.ts'),
};
const benches: Record<
  string,
  () => Promise<{ run(folder: string | undefined, options: BenchOptions): Promise<BenchResult> }>
> = {
  grouping: () => import('./logs/grouping.ts'),
  throughput: () => import('./logs/throughput.ts'),
  'canary-logs': () => import('./logs/canaryLogs.ts'),
  'changed-word': () => import('./logs/changedWord.ts'),
  real: () => import('./logs/real.ts'),
  injected: () => import('./logs/injected.ts'),
  openstack: () => import('./metrics/openstack.ts'),
  metrics: () => import('./metrics/metrics.ts'),
  demo: () => import('./demo/demo.ts'),
  host: () => import('./editor/host.ts'),
  panel: () => import('./editor/panel.ts'),
  faults: () => import('./demo/faults.ts'),
  crash: () => import('./crash/crash.ts'),
  disturb: () => import('./crash/disturb.ts'),
  soak: () => import('./soak/soak.ts'),
  storm: () => import('./soak/storm.ts'),
  scale: () => import('./scale/scale.ts'),
};
/**
 * What `all` runs: those of the engine, on stored cases and on fresh ones. The rest want an editor, a browser or a long
 * time.
 */
const all = [
  'grouping',
  'throughput',
  'canary-logs',
  'changed-word',
  'real',
  'injected',
  'openstack',
  'metrics',
  'demo',
];
const drawnAnew = ['canary-logs', 'changed-word', 'metrics'];
const freshSeed = 11;

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2));

interface Plan {
  readonly name: string;
  readonly options: BenchOptions;
}

/** Fresh cases of `all` come after the stored ones, under a name of their own; so do metrics of the wide world. */
function planOf(name: string, options: BenchOptions): readonly Plan[] {
  if (name !== 'all') return [{ name, options }];
  const fresh = { seed: options.seed ?? freshSeed };
  return [
    ...all.map(one => ({ name: one, options: {} })),
    ...drawnAnew.map(one => ({ name: one, options: fresh })),
    { name: 'metrics', options: { ...fresh, world: 'wide' } },
  ];
}

function readOptions(args: readonly string[]): { words: readonly string[]; json: boolean; options: BenchOptions } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      seed: { type: 'string' },
      runs: { type: 'string' },
      world: { type: 'string' },
    },
  });
  const { seed, runs, world, json } = values;
  if (seed !== undefined && !/^\d{1,9}$/.test(seed))
    throw new MissingData(`--seed is a whole number, found "${seed}".`);
  if (runs !== undefined && !/^[1-9]\d{0,5}$/.test(runs))
    throw new MissingData(`--runs is a whole number, found "${runs}".`);
  if (world !== undefined && world !== 'open' && world !== 'wide')
    throw new MissingData(`--world is open or wide, found "${world}".`);
  return {
    words: positionals,
    json,
    options: {
      ...(seed !== undefined && { seed: Number(seed) }),
      ...(runs !== undefined && { runs: Number(runs) }),
      ...(world !== undefined && { world }),
    },
  };
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const {
      words: [name, folder],
      json,
      options,
    } = readOptions(args);
    if (name && judges[name]) {
      if (!folder) throw new MissingData(`${name} wants the path of its cases.`);
      await (await judges[name]()).judge(folder, line => process.stdout.write(`${line}\n`));
      return 0;
    }
    const results: BenchResult[] = [];
    for (const one of planOf(name ?? '', options)) {
      const load = benches[one.name];
      if (!load) {
        process.stderr.write(
          'Usage: npm run bench -- NAME [DATA FOLDER] [--seed N] [--runs N] [--world open|wide] [--json], ' +
            `with NAME one of ${[...Object.keys(benches), 'all', ...Object.keys(judges)].join(', ')}.\n`,
        );
        return 2;
      }
      const result = await (await load()).run(folder, one.options);
      results.push(result);
      (json ? process.stderr : process.stdout).write(formatResult(result));
    }
    const ok = results.every(meetsTargets),
      told = results.map(({ peers: _, ...rest }) => ({ ...rest, ok: meetsTargets(rest) }));
    if (name === 'all') (json ? process.stderr : process.stdout).write(`${summarize(results)}\n\n`);
    if (json)
      process.stdout.write(`${JSON.stringify(name === 'all' ? { name: 'all', benches: told, ok } : told[0])}\n`);
    else
      process.stdout.write(
        `Measured on ${new Date().toISOString().slice(0, 10)} on ${cpus().length} x ` +
          `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}.\n`,
      );
    return ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof MissingData)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

function formatResult(result: BenchResult): string {
  const { name, figures, targets, peers = {} } = result;
  const rows = Object.entries(figures).map(([key, figure]) => {
    const target = targets[key];
    return [key, String(Number(figure.toPrecision(4))), target ? `${target.op} ${target.value}` : '', peers[key] ?? ''];
  });
  const table = [[name, 'reached', 'target', 'others'], ...rows],
    widths = [0, 1, 2, 3].map(column => Math.max(...table.map(row => row[column]!.length)));
  const [head, ...body] = table.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  return `${[head, ...body].join('\n')}\n${meetsTargets(result) ? 'Targets met.' : 'TARGETS NOT MET.'}\n\n`;
}
