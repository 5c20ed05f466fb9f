// Looks at everything that a pipeline names outside of itself: health sources with their nodes and metrics, Jenkins jobs, entities to mark, credentials. It only reads.
import { fail } from '../model/failure.ts';
import type { Failure, Result } from '../model/failure.ts';
import type { Connection, Pipeline } from '../model/pipeline.ts';
import type { Clock, HealthSources, Markers, SourceChecks } from '../model/ports.ts';
import { problemOfAsking } from '../model/evidence/sourceCheck.ts';
import type { SourceCheck, SourceProblem } from '../model/evidence/sourceCheck.ts';
import type { CommandHook } from '../adapters/hooks/commandHookInvocation.ts';
import type { Credentials } from './transport/credentials.ts';
import { checkHealthSource } from './healthSourceCheck.ts';
import { createJenkins } from './jenkins/client.ts';
import type { JenkinsConnection, JenkinsDeps } from './jenkins/client.ts';
import { keyParameter } from './jenkins/start.ts';
import type { SumoDeps } from './sumoLogic/client.ts';

export interface SourceChecksDeps extends JenkinsDeps, SumoDeps {
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly healthSources: HealthSources;
  readonly markers: Markers;
  /** Why the program of a command hook cannot be started here. */
  readonly hookProblem?: (hook: CommandHook) => Failure | undefined;
}

/** One question to Jenkins. */
const jobWithinMs = 15_000;

/** All at the same time; each is told as soon as it is there. */
export function createSourceChecks(deps: SourceChecksDeps): SourceChecks {
  return {
    async check(request, onCheck, signal) {
      const { pipeline } = request;
      const tasks = [
        ...Object.values(pipeline.healthSources).map(source => () => checkHealthSource(deps, request, source, signal)),
        ...brokenHooks(deps, pipeline).map(check => () => Promise.resolve(check)),
        ...jobsOf(pipeline).map(job => () => checkJob(deps, pipeline, job, signal)),
        ...Object.entries(pipeline.connections)
          .filter(([, connection]) => connection.kind === 'newRelic' && connection.entity !== undefined)
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

/** A run that is not begun is much: vendors refuse a good credential now and then, so what is missing must be missing twice. */
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

interface NamedJob {
  readonly connection: string;
  readonly job: string;
  /** What hooks give it; absent: it is only read. */
  readonly parameters?: readonly string[];
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
    jobs.set(key, { connection: named.connection, job: named.job, ...(parameters && { parameters }) });
  };
  if (artifact.kind === 'jenkins') add({ connection: artifact.connection, job: artifact.job });
  for (const hook of Object.values(hooks))
    if (hook.kind === 'jenkins')
      add({ connection: hook.connection, job: hook.job, parameters: Object.keys(hook.parameters) });
  return [...jobs.values()];
}

async function checkJob(
  deps: SourceChecksDeps,
  { connections }: Pipeline,
  { connection: name, job, parameters }: NamedJob,
  signal: AbortSignal,
): Promise<SourceCheck> {
  const connection = connections[name] as JenkinsConnection;
  const startedAtMs = deps.clock.now();
  const asked = await createJenkins(deps).parameters(
    { connection, job, deadlineMs: startedAtMs + jobWithinMs },
    signal,
  );
  // A job that is only read may be disabled.
  const problems = asked.ok
    ? problemsOfParameters(job, parameters, asked.value)
    : asked.failure.kind === 'refused' && parameters === undefined
      ? []
      : [problemOfAsking(asked.failure)];
  return { ...bare('job', job, name, connection), tookMs: deps.clock.now() - startedAtMs, problems };
}

/** Jenkins drops what a job does not declare, without a word. */
function problemsOfParameters(
  job: string,
  given: readonly string[] | undefined,
  declared: readonly string[],
): readonly SourceProblem[] {
  if (!given) return [];
  const strange = given.filter(name => !declared.includes(name));
  return [
    ...strange.map((name): SourceProblem => ({
      kind: 'missing',
      failure: fail('not-found', `Jenkins job "${job}" has no parameter ${name}.`, {
        hint: declared.length > 0 ? `It has: ${declared.join(', ')}.` : 'It has none.',
      }).failure,
    })),
    ...(declared.includes(keyParameter)
      ? []
      : [
          {
            kind: 'notice' as const,
            failure: fail(
              'not-found',
              `Jenkins job "${job}" has no string parameter ${keyParameter}: calls that wait at the same time may become one build, and a restarted run cannot find its build.`,
            ).failure,
          },
        ]),
  ];
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
