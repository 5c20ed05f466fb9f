// `npm run bench -- NAME [DATA FOLDER] [--json]`: figures on standard output; everything else on standard error.
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { MissingData, meetsTargets, type BenchResult } from './bench.ts';

/** Each prints lines of its own and has no targets. */
const judges: Record<string, () => Promise<{ judge(path: string, print: (line: string) => void): Promise<void> }>> = {
  'judge-logs': () => import('./judgeLogs.ts'),
  'judge-metrics': () => import('./judgeMetrics.ts'),
  'judge-openstack': () => import('./judgeOpenstack.ts'),
};
const benches: Record<string, () => Promise<{ run(folder: string | undefined): Promise<BenchResult> }>> = {
  'canary-logs': () => import('./canaryLogs.ts'),
  demo: () => import('./demo.ts'),
  faults: () => import('./faults.ts'),
  grouping: () => import('./grouping.ts'),
  host: () => import('./host.ts'),
  metrics: () => import('./metrics.ts'),
  panel: () => import('./panel.ts'),
  openstack: () => import('./openstack.ts'),
  throughput: () => import('./throughput.ts'),
};

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code === 'EPIPE') process.exit(0); throw error; });
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const [name, folder] = args.filter(arg => !arg.startsWith('--'));
  const json = args.includes('--json');
  try {
    if (name && judges[name]) {
      if (!folder) throw new MissingData(`${name} wants the path of its cases.`);
      await (await judges[name]()).judge(folder, line => process.stdout.write(`${line}\n`));
      return 0;
    }
    const names = name === 'all' ? Object.keys(benches) : [name ?? ''];
    const results: BenchResult[] = [];
    for (const one of names) {
      const load = benches[one];
      if (!load) { process.stderr.write(`Usage: npm run bench -- NAME [DATA FOLDER] [--json], with NAME one of ${[...Object.keys(benches), 'all', ...Object.keys(judges)].join(', ')}.\n`); return 2; }
      results.push(await (await load()).run(dataOf(one, folder)));
    }
    const marked = results.map(result => ({ ...result, ok: meetsTargets(result) }));
    const ok = marked.every(result => result.ok);
    if (json) process.stdout.write(`${JSON.stringify(name === 'all' ? { name: 'all', benches: marked, ok } : marked[0])}\n`);
    else process.stdout.write(`${marked.map(formatResult).join('\n\n')}\n\nMeasured on ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}.\n`);
    return ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof MissingData)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

/** Each takes its own folder, or the one above the folders of all. */
function dataOf(bench: string, folder: string | undefined): string | undefined {
  const own = folder === undefined ? undefined : join(folder, bench);
  return own !== undefined && existsSync(own) ? own : folder;
}

function formatResult({ name, figures, targets, ok }: BenchResult & { ok: boolean }): string {
  const rows = Object.entries(figures).map(([key, figure]) => {
    const target = targets[key];
    return `  ${key.padEnd(36)} ${String(Math.round(figure * 1e4) / 1e4).padStart(12)}${target ? `  (target ${target.op} ${target.value})` : ''}`;
  });
  return [`${name}: ${ok ? 'targets met' : 'TARGETS NOT MET'}`, ...rows].join('\n');
}
