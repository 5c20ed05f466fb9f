// Chooses the release that a manual rollback restores, and shows it with the current one before anything is done.
import { fail, succeed } from '../model/failure.ts';
import type { Result } from '../model/failure.ts';
import { identityOf } from '../model/identity.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { History } from '../model/history.ts';
import { findRollbackTarget } from '../model/release.ts';
import type { LedgerEntry, Release } from '../model/release.ts';
import { shortId } from '../protocol/words/format.ts';

export interface RollbackChoice {
  /** The current release, which is replaced; absent if unknown. */
  readonly from?: Release;
  readonly to: Release;
  readonly standing?: LedgerEntry;
  /** The releases that the nodes run, the most common first. */
  readonly nodes: readonly { readonly release?: Release; readonly count: number }[];
}

export function chooseRollback(
  history: History,
  pipeline: Pipeline,
  environment: string,
  given: string | undefined,
): Result<RollbackChoice> {
  const service = identityOf(pipeline);
  const ledger = history.ledger(service, environment);
  const nodes = history.nodes(service, environment);
  const newest = [...nodes].sort((left, right) => right.sinceMs - left.sinceMs)[0];
  const current = newest?.release ?? ledger.at(-1)?.release;
  const to =
    given === undefined
      ? workingTarget(
          history,
          ledger,
          current,
          nodes.map(({ release }) => release),
          environment,
        )
      : namedRelease(history.releases(service), ledger, given, pipeline.name);
  if (!to.ok) return to;
  const left = current === to.value.id ? nodes.find(({ release }) => release !== current)?.release : current;
  const from = left === null || left === undefined ? undefined : history.release(left);
  const counts = Map.groupBy(nodes, node => node.release);
  const standing = ledger.findLast(entry => entry.release === to.value.id);
  return succeed({
    ...(from && { from }),
    to: to.value,
    ...(standing && { standing }),
    nodes: [...counts]
      .map(([id, group]) => {
        const release = id === null ? undefined : history.release(id);
        return { ...(release && { release }), count: group.length };
      })
      .sort((left, right) => right.count - left.count),
  });
}

function workingTarget(
  history: History,
  ledger: readonly LedgerEntry[],
  current: string | undefined,
  running: readonly (string | null)[],
  environment: string,
): Result<Release> {
  const id = findRollbackTarget(ledger, current, running);
  const release = id === undefined ? undefined : history.release(id);
  if (release) return succeed(release);
  const only = history.release(current ?? '')?.artifact.version;
  const hint =
    only === undefined
      ? 'backstop releases shows what is known; --to names one by hand.'
      : `As far as Backstop knows, its nodes run ${only}. ` +
        `If some run another version, --to ${only} restores it on them.`;
  return fail('refused', `${environment} has no earlier working release to go back to.`, { hint });
}

/**
 * Accepts an id, its first characters (at least 4), or a version, which means its latest release in this environment,
 * otherwise in any.
 */
function namedRelease(
  releases: readonly Release[],
  ledger: readonly LedgerEntry[],
  given: string,
  pipeline: string,
): Result<Release> {
  const byId = releases.filter(({ id }) => id === given || (given.length >= 4 && id.startsWith(given)));
  const [only, ...others] = byId;
  if (only && others.length === 0) return succeed(only);
  if (byId.length > 1)
    return fail(
      'invalid',
      `${byId.length} releases begin with ${given}: ${byId.map(({ id }) => shortId(id)).join(', ')}.`,
    );
  const byVersion = releases.filter(({ artifact }) => artifact.version === given);
  const here = ledger.findLast(entry => byVersion.some(({ id }) => id === entry.release))?.release;
  const found =
    byVersion.find(({ id }) => id === here) ??
    [...byVersion].sort((left, right) => right.createdAt - left.createdAt)[0];
  return found
    ? succeed(found)
    : fail('not-found', `There is no release "${given}".`, { hint: `backstop releases ${pipeline} lists them.` });
}
