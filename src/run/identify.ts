// Keeps services of different repositories apart: determines the identity of a pipeline's service, and whether its
// nodes belong to another repository.
import { fail, succeed, type Failure, type Result } from '../model/failure.ts';
import { identityOf, plainService, repositoryIn } from '../model/identity.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { Claim, IdentityQuery } from '../model/history.ts';
import type { Ports } from '../model/ports.ts';
import type { RunEvent } from '../model/runs/runEvents.ts';

type IdentityPorts = Pick<Ports, 'history' | 'repository'>;

/** `folder` is the folder of the pipeline file; by default the workspace folder. */
export function identify({ history, repository }: IdentityPorts, pipeline: Pipeline, folder?: string): Pipeline {
  if (pipeline.identity !== undefined) return pipeline;
  return { ...pipeline, identity: history.identityOf(queryOf({ repository }, pipeline, folder)) };
}

function queryOf(
  { repository }: Pick<Ports, 'repository'>,
  { service, repository: name, file }: Pipeline,
  folder?: string,
): IdentityQuery {
  const found = repository(folder);
  return { service, file, repository: name === undefined ? found : { ...found, name } };
}

/** Called just before anything is changed. Fails if the nodes of these environments belong to another repository. */
export function claimService(
  { history, repository }: IdentityPorts,
  pipeline: Pipeline,
  environments: readonly string[] = Object.keys(pipeline.environments),
): Result<void> {
  const nodes = Object.fromEntries(environments.map(name => [name, pipeline.environments[name]?.nodes ?? []]));
  const { identity, rival } = history.claim(queryOf({ repository }, pipeline), nodes);
  if (rival) return { ok: false, failure: refuseRival(pipeline, rival) };
  return identity === identityOf(pipeline)
    ? succeed(undefined)
    : fail('refused', `Another repository has just deployed a service ${pipeline.service} for the first time.`, {
        hint: 'Try again: the releases of this repository are kept apart from its releases.',
      });
}

/** Warns in a dry run about nodes of this environment that other services also deploy to. */
export function warnOfSharers(
  { history, repository }: IdentityPorts,
  pipeline: Pipeline,
  environment: string,
): readonly string[] {
  const nodes = pipeline.environments[environment]?.nodes ?? [];
  return history.sharers(queryOf({ repository }, pipeline), environment, nodes).map(sharer => {
    const service = plainService(sharer.identity);
    const rival = { ...sharer, environment, nodes: shorten(sharer.nodes) };
    return service === pipeline.service
      ? `A run would be refused: ${describeRival(pipeline, rival)}`
      : `${describeNodes(rival)} deployed to by the service ${service} as well` +
          `${repositoryIn(sharer.identity) === undefined ? '' : ` (${repositoryIn(sharer.identity)})`}.`;
  });
}

const mostShown = 5;

function shorten(nodes: readonly string[]): readonly string[] {
  const rest = nodes.length - mostShown;
  return rest > 1 ? [...nodes.slice(0, mostShown), `${rest} more nodes`] : nodes;
}

function describeRival({ service }: Pipeline, rival: NonNullable<Claim['rival']>): string {
  const other = repositoryIn(rival.identity) ?? 'another repository or pipeline file';
  return `${describeNodes(rival)} deployed by ${other}, as its own service ${service}.`;
}

function describeNodes({ environment, nodes }: NonNullable<Claim['rival']>): string {
  return `${nodes.join(', ')} in ${environment} ${nodes.length === 1 ? 'is' : 'are'}`;
}

function refuseRival(pipeline: Pipeline, rival: NonNullable<Claim['rival']>): Failure {
  const other = repositoryIn(rival.identity);
  return fail('refused', `Nothing was changed: ${describeRival(pipeline, rival)}`, {
    hint:
      (other === undefined || pipeline.repository !== undefined
        ? ''
        : `If both repositories deploy the same service, write \`id: ${other}\` into both pipeline files. `) +
      `If this repository replaces that one, take its releases over: backstop releases ${pipeline.name} --take-over. ` +
      'Otherwise correct the nodes.',
  }).failure;
}

/** Makes the releases of the repository that has deployed these nodes so far available to this repository. */
export function takeOver(
  { history, repository }: IdentityPorts,
  pipeline: Pipeline,
): Result<{ readonly identity: string }> {
  const query = queryOf({ repository }, pipeline);
  const nodes = Object.fromEntries(Object.entries(pipeline.environments).map(([name, one]) => [name, one.nodes]));
  const { identity, rival } = history.claim(query, nodes);
  if (!rival)
    return fail('not-found', `No other repository deploys the nodes of ${pipeline.name} as a service of this name.`);
  if (history.ledger(identity).length > 0)
    return fail(
      'refused',
      `Nothing was taken over: this repository has releases of ${pipeline.service} of its own already.`,
      { hint: 'Correct the nodes, or write the same `id:` into both pipeline files.' },
    );
  history.takeOver(query, rival.identity);
  return succeed({ identity: rival.identity });
}

/** A run can only be resumed in the folder that has its hooks and files. */
export function refuseForeign(ports: IdentityPorts, events: readonly RunEvent[], number: number): Failure | undefined {
  const started = events.find(event => event.type === 'run-started');
  const fixed = started?.fixed;
  if (fixed?.identity === undefined) return undefined;
  const { identity, ...bare } = fixed;
  if (identityOf(identify(ports, bare)) === identity) return undefined;
  return fail('invalid', `Run #${number} is of another repository: ${repositoryIn(identity) ?? 'an older one'}.`, {
    hint: 'Resume it in the folder of its pipeline.',
  }).failure;
}
