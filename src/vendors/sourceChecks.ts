// Looks at everything that a pipeline names outside of itself: health sources with their nodes and metrics, jobs,
// entities to mark, credentials. It only reads.
import type { Failure, Result } from '../model/failure.ts';
import type { Hook } from '../model/hook.ts';
import { connectionOf, listsVersions, type ArtifactSource, type Connection, type Pipeline } from '../model/pipeline.ts';
import type { Clock, Markers, SourceChecks } from '../model/ports.ts';
import { problemOfAsking } from '../model/evidence/sourceCheck.ts';
import type { SourceCheck, SourceProblem } from '../model/evidence/sourceCheck.ts';
import type { Outside } from '../model/outside.ts';
import { createArtifacts } from './artifacts.ts';
import { decoders } from './decoders.decode.ts';
import { checkHealthSource } from './healthSourceCheck.ts';
import type { VendorSources } from './healthSources.ts';
import { vendorPorts, type PortsByVendor } from './ports.ts';
import type { JobQuestion, VendorDecoders } from './vendor.ts';

export interface SourceChecksDeps extends Outside {
  readonly healthSources: VendorSources;
  readonly markers: Markers;
  /** Why the program of a command hook cannot be started here. */
  readonly hookProblem?: (hook: Hook & { readonly kind: 'command' }) => Failure | undefined;
}

/** The vendors that are checked; all of them by default. */
export interface CheckedVendors {
  readonly ports: PortsByVendor;
  readonly decoders: VendorDecoders;
}

/** All at the same time; each is told as soon as it is there. */
export function createSourceChecks(
  deps: SourceChecksDeps,
  { ports, decoders: known }: CheckedVendors = { ports: vendorPorts, decoders },
): SourceChecks {
  return {
    async check(request, onCheck, signal) {
      const { pipeline } = request;
      const tasks = [
        ...Object.values(pipeline.healthSources).map(
          source => () => checkHealthSource({ ...deps, decoders: known }, request, source, signal),
        ),
        ...brokenHooks(deps, pipeline).map(check => () => Promise.resolve(check)),
        ...(listsVersions(pipeline.artifact) ? [() => checkVersions(deps, ports, pipeline, signal)] : []),
        ...jobsOf(pipeline).map(job => () => checkJob(deps, ports, pipeline, job, signal)),
        ...Object.entries(pipeline.connections)
          .filter(([, connection]) => connection.marks)
          .map(
            ([name, connection]) =>
              () =>
                checkEntity(deps, name, connection, signal),
          ),
      ];
      return Promise.all(
        tasks.map(async task => {
          const first = await task();
          const check = isMissing(first) ? await askAgain(deps.clock, first, task, signal) : first;
          onCheck(check);
          return check;
        }),
      );
    },
  };
}

/** Only of those that are broken is anything said. */
function brokenHooks({ hookProblem }: SourceChecksDeps, { hooks }: Pipeline): readonly SourceCheck[] {
  return Object.values(hooks).flatMap(hook => {
    const failure = hook.kind === 'command' ? hookProblem?.(hook) : undefined;
    const said: SourceProblem | undefined = failure && { kind: 'missing', failure };
    return said && hook.kind === 'command'
      ? [{ ...bare('hook', hook.name, 'command', { url: hook.directory }), tookMs: 0, problems: [said] }]
      : [];
  });
}

const againAfterMs = 1_000;

/**
 * A run that is not begun is much: vendors refuse a good credential now and then, so what is missing must be missing
 * twice.
 */
async function askAgain(
  clock: Clock,
  first: SourceCheck,
  task: () => Promise<SourceCheck>,
  signal: AbortSignal,
): Promise<SourceCheck> {
  await clock.sleep(againAfterMs, signal);
  return signal.aborted ? first : task();
}

function isMissing({ problems }: SourceCheck): boolean {
  return problems.some(({ kind }) => kind === 'missing');
}

interface NamedJob extends Omit<JobQuestion, 'connection'> {
  readonly connection: string;
  readonly title: string;
}

/** Each job once, with the parameters of all hooks that start it. */
function jobsOf({ artifact, hooks }: Pipeline): readonly NamedJob[] {
  const jobs = new Map<string, NamedJob>();
  const add = (named: NamedJob): void => {
    const key = JSON.stringify([named.connection, named.job]),
      known = jobs.get(key);
    const parameters =
      known?.parameters || named.parameters
        ? [...new Set([...(known?.parameters ?? []), ...(named.parameters ?? [])])]
        : undefined;
    jobs.set(key, { ...named, ...(parameters && { parameters }) });
  };
  if (artifact.kind === 'build' && artifact.connection !== undefined)
    add({ connection: artifact.connection, title: artifact.title, job: artifact.job });
  for (const hook of Object.values(hooks))
    if (hook.kind === 'job')
      add({ connection: hook.connection, title: hook.title, job: hook.job, parameters: Object.keys(hook.parameters) });
  return [...jobs.values()];
}

async function checkJob(
  deps: SourceChecksDeps,
  ports: PortsByVendor,
  { connections }: Pipeline,
  { connection: name, title, ...question }: NamedJob,
  signal: AbortSignal,
): Promise<SourceCheck> {
  const connection = connections[name]!;
  const startedAtMs = deps.clock.now();
  const check = ports[connection.vendor]?.checkJob;
  const problems = check ? await check(deps)({ ...question, connection }, signal) : [];
  return { ...bare('job', question.job, name, connection), title, tookMs: deps.clock.now() - startedAtMs, problems };
}

/** The program that lists the versions is run. */
async function checkVersions(
  deps: SourceChecksDeps,
  ports: PortsByVendor,
  pipeline: Pipeline,
  signal: AbortSignal,
): Promise<SourceCheck> {
  const source = pipeline.artifact as ArtifactSource & { readonly kind: 'build' };
  const startedAtMs = deps.clock.now();
  const listed = await createArtifacts(deps, ports).list(source, connectionOf(pipeline, source), 1, signal);
  return {
    kind: 'versions',
    name: pipeline.service,
    tookMs: deps.clock.now() - startedAtMs,
    queries: [source.job],
    nodes: [],
    sampleLines: [],
    samplePoints: [],
    problems: listed.ok ? [] : [problemOfAsking(listed.failure)],
  };
}

async function checkEntity(
  { clock, markers }: SourceChecksDeps,
  name: string,
  connection: Connection,
  signal: AbortSignal,
): Promise<SourceCheck> {
  const startedAtMs = clock.now();
  const found: Result<void> = await markers.check(connection, signal);
  return {
    ...bare('entity', name, name, connection),
    tookMs: clock.now() - startedAtMs,
    problems: found.ok ? [] : [problemOfAsking(found.failure)],
  };
}

export function bare(
  kind: SourceCheck['kind'],
  name: string,
  connection: string,
  { url }: Pick<Connection, 'url'>,
): Omit<SourceCheck, 'problems' | 'tookMs'> {
  return { kind, name, connection, url, queries: [], nodes: [], sampleLines: [], samplePoints: [] };
}
