// Lists the nodes of an environment that has a command for it. The command runs before a run and again during the run;
// each answer is journalled, so that a resumed run uses the same answers.
import { fail, succeed, type Failure, type Result } from '../model/failure.ts';
import { identityOf } from '../model/identity.ts';
import { weightsOf, type NodeWeights } from '../model/runs/nodeWeights.ts';
import type { SourceCheck } from '../model/evidence/sourceCheck.ts';
import { allStages, type Environment, type Pipeline } from '../model/pipeline.ts';
import type { Ports } from '../model/ports.ts';
import type { Release } from '../model/release.ts';
import type { ListedNode } from '../model/runs/nodeList.ts';
import type { RunContext } from './context.ts';
import { forgetNodes, lastWorkingRelease, recordNodes } from './releases/ledger.ts';

type AskingPorts = Pick<Ports, 'nodeLists' | 'clock'>;

/** A single refused connection must not stop a run, so the command is tried several times. */
const attempts = 3,
  againAfterMs = 2_000;

async function ask(
  { nodeLists, clock }: AskingPorts,
  { name, service }: Pipeline,
  { name: environment, nodesCommand }: Environment,
  signal: AbortSignal,
): Promise<Result<readonly ListedNode[]>> {
  if (!nodesCommand) return succeed([]);
  const variables = { BACKSTOP_PIPELINE: name, BACKSTOP_SERVICE: service, BACKSTOP_ENVIRONMENT: environment };
  for (let attempt = 1; ; attempt++) {
    const listed = await nodeLists.list({ environment, command: nodesCommand, variables }, signal);
    if (listed.ok || attempt >= attempts || signal.aborted || listed.failure.kind === 'not-found') return listed;
    await clock.sleep(againAfterMs, signal);
  }
}

/**
 * Replaces the nodes of the environments by those that their commands list now. Fails with the first command that
 * fails.
 */
export async function withListedNodes(
  ports: AskingPorts,
  pipeline: Pipeline,
  environments: readonly string[] = Object.keys(pipeline.environments),
  signal: AbortSignal = new AbortController().signal,
): Promise<Result<Pipeline>> {
  const asked = environments.flatMap(name => {
    const environment = pipeline.environments[name];
    return environment?.nodesCommand ? [environment] : [];
  });
  const answers = await Promise.all(
    asked.map(async environment => ({ environment, listed: await ask(ports, pipeline, environment, signal) })),
  );
  let filled = pipeline;
  for (const { environment, listed } of answers) {
    if (!listed.ok) return listed;
    filled = withNodes(filled, environment.name, listed.value);
  }
  return succeed(filled);
}

/** For checking all sources: the result of each command, and the pipeline with the nodes of those that succeeded. */
export async function checkNodes(
  ports: AskingPorts,
  pipeline: Pipeline,
  onCheck: (check: SourceCheck) => void,
  signal: AbortSignal,
): Promise<{ readonly pipeline: Pipeline; readonly checks: readonly SourceCheck[] }> {
  let filled = pipeline;
  const checks: SourceCheck[] = [];
  for (const environment of Object.values(pipeline.environments)) {
    if (!environment.nodesCommand) continue;
    const startedAtMs = ports.clock.now();
    const listed = await ask(ports, pipeline, environment, signal);
    if (listed.ok) filled = withNodes(filled, environment.name, listed.value);
    const found = listed.ok ? listed.value.map(({ name }) => name) : [];
    const check: SourceCheck = {
      kind: 'nodes',
      name: environment.name,
      tookMs: ports.clock.now() - startedAtMs,
      queries: [environment.nodesCommand.command.join(' ')],
      nodes: [{ environment: environment.name, found, missing: [] }],
      sampleLines: [],
      samplePoints: [],
      problems: listed.ok ? [] : [{ kind: 'missing', failure: listed.failure }],
    };
    checks.push(check);
    onCheck(check);
  }
  return { pipeline: filled, checks };
}

export function withNodes(pipeline: Pipeline, environment: string, listed: readonly ListedNode[]): Pipeline {
  const known = pipeline.environments[environment]!;
  const nodes = listed.map(({ name }) => name),
    weights = weightsOf(listed);
  const filled = { ...known, nodes, listed, ...(weights && { weights }) };
  return { ...pipeline, environments: { ...pipeline.environments, [environment]: filled } };
}

export function isListed({ pipeline }: Pick<RunContext, 'pipeline'>, environment: string): boolean {
  return pipeline.environments[environment]?.nodesCommand !== undefined;
}

/** The weights from the latest listing, if a command lists the nodes of the environment. */
export function weightsNow({ pipeline, journal }: RunContext, environment: string): NodeWeights | undefined {
  const listed = journal.find('nodes-listed', event => event.environment === environment);
  return listed ? weightsOf(listed.nodes) : pipeline.environments[environment]?.weights;
}

/** A warning if some nodes of the environment have a weight and others do not. */
export function warnOfWeights({ environments }: Pipeline, environment: string): readonly string[] {
  const listed = environments[environment]?.listed ?? [];
  const silent = listed.filter(({ weight }) => weight === undefined).map(({ name }) => name);
  return silent.length === 0 || silent.length === listed.length
    ? []
    : [
        `The weights of the nodes of ${environment} do not count: its command says none of ` +
          `${silent.slice(0, 5).join(', ')}${silent.length > 5 ? ` and ${silent.length - 5} more` : ''}.`,
      ];
}

/** True if a hook sets the share of the traffic that a canary in this environment receives. */
export function setsWeight({ pipeline }: Pick<RunContext, 'pipeline'>, environment: string): boolean {
  return allStages(pipeline).some(
    stage =>
      stage.kind === 'canary' &&
      stage.environment === environment &&
      stage.phases.some(({ weight }) => weight !== undefined),
  );
}

export interface Listing {
  /** Stable across a restart, so that an answer from before the restart is used again. */
  readonly key: string;
  readonly stage: string;
  readonly environment: string;
}

/**
 * The nodes as the command lists them, or as it listed them for an earlier process of this run. Also updates the
 * ledger.
 */
export async function listNodes(
  context: RunContext,
  { key, stage, environment }: Listing,
  signal: AbortSignal,
): Promise<Result<readonly ListedNode[]>> {
  const { journal, pipeline, ports } = context;
  const known = journal.find('nodes-listed', event => event.key === key);
  if (known) return succeed(known.nodes);
  const listed = await ask(ports, pipeline, pipeline.environments[environment]!, signal);
  if (!listed.ok) return listed;
  journal.record({ type: 'nodes-listed', key, stage, environment, nodes: listed.value });
  noteVersions(context, environment, listed.value);
  return listed;
}

/** A reported version overrides the ledger. If several releases have that version, the node is left as it is. */
function noteVersions(context: RunContext, environment: string, listed: readonly ListedNode[]): void {
  const { history } = context.ports;
  const service = identityOf(context.pipeline);
  forgetNodes(
    context,
    environment,
    listed.map(({ name }) => name),
  );
  const runs = new Map(history.nodes(service, environment).map(({ node, release }) => [node, release]));
  for (const [version, nodes] of Map.groupBy(listed, node => node.version)) {
    const release = version === undefined ? undefined : releaseOf(context, environment, version);
    if (release === undefined) continue;
    const changed = nodes.map(({ name }) => name).filter(name => runs.get(name) !== (release?.id ?? null));
    recordNodes(context, environment, changed, release);
  }
}

/**
 * A node may print the beginning of `BACKSTOP_RELEASE` instead, which distinguishes configurations of the same version.
 */
export function saysRelease(version: string, { id, artifact }: Release): boolean {
  return version === artifact.version || (version.length >= 12 && id.startsWith(version));
}

/** Null if no release has this version; undefined if several have it. */
function releaseOf(context: RunContext, environment: string, version: string): Release | null | undefined {
  const {
    ports: { history },
    pipeline,
    release,
  } = context;
  const working = lastWorkingRelease(context, environment, release);
  const likely = [release, ...(working.ok ? [working.value] : [])].filter(one => saysRelease(version, one));
  if (likely.length > 1) return undefined;
  return likely[0] ?? history.releases(identityOf(pipeline)).find(one => saysRelease(version, one)) ?? null;
}

/** True if the node runs the release of this run; undefined if its answer does not determine that. */
export function runsNew(context: RunContext, environment: string, { version }: ListedNode): boolean | undefined {
  const release = version === undefined ? undefined : releaseOf(context, environment, version);
  return release === undefined ? undefined : release?.id === context.release.id;
}

/** A rollback must proceed even if the command lists no nodes any more, so the nodes known before are used then. */
export async function listNodesOr(
  context: RunContext,
  listing: Listing,
  known: readonly string[],
): Promise<readonly ListedNode[]> {
  const listed = await listNodes(context, listing, context.ended);
  if (listed.ok) return listed.value;
  const failure: Failure = {
    ...listed.failure,
    message: `${listed.failure.message} The nodes that were known before are used.`,
  };
  context.journal.recordOnce({ type: 'noted', failure }, event => event.failure.message === failure.message);
  return known.map(name => ({ name }));
}

/** The failure of a run that stops because the nodes could not be listed. */
export function refuseUnlisted({ failure }: { readonly failure: Failure }, what: string): Result<never> {
  return fail(failure.kind, `${what} ${failure.message}`, {
    ...(failure.cause !== undefined && { cause: failure.cause }),
    ...(failure.hint !== undefined && { hint: failure.hint }),
  });
}
