// `backstop releases`: lists the releases of a service by environment, and what each node runs.
import type { Engine } from '../../model/runs/engine.ts';
import { fail, succeed } from '../../model/failure.ts';
import { identityOf, plainService } from '../../model/identity.ts';
import type { Result } from '../../model/failure.ts';
import { findLastWorking } from '../../model/release.ts';
import type { LedgerEntry, Release, Standing } from '../../model/release.ts';
import { formatMoment, shortId } from '../../protocol/words/format.ts';
import { standingWord } from '../../protocol/words/words.ts';
import { done, jsonOption, pipelineDetail } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatus } from '../exitStatus.ts';
import { findPipeline } from '../findPipeline.ts';
import { toned } from '../screen/line.ts';
import type { Tone } from '../screen/line.ts';
import { table } from '../screen/table.ts';

export const releases: Command = {
  name: 'releases',
  group: 'Look back',
  summary: 'Lists the releases of a service by environment, with their status.',
  usage: '[PIPELINE|SERVICE] [--take-over] [--json]',
  details: [
    pipelineDetail,
    'The last working release is the newest one that was verified, promoted by hand, or deployed by a stage without ' +
      'a check. A rollback restores the newest such release that is not running now.',
    'A service belongs to the repository of its pipeline, which is identified by the `id` in the pipeline file, ' +
      'otherwise by its Git remote or its folder. With --take-over, this repository replaces the one that has ' +
      'deployed to these nodes so far, and continues with its releases.',
  ],
  positional: { name: 'PIPELINE or SERVICE', minimum: 0, maximum: 1 },
  options: {
    'take-over': {
      type: 'boolean',
      text: 'Takes over the releases of the repository that has deployed to these nodes so far.',
    },
    ...jsonOption,
  },
  statuses: { 0: 'listed, even if there are none', 3: 'no such pipeline or service' },
  examples: ['backstop releases storefront', 'backstop releases storefront --json'],
  async run({ engine, given, output, dependencies: { cwd } }) {
    const opened = await engine();
    if (!opened.ok) return opened;
    if (given.flag('take-over')) {
      const pipeline = findPipeline(opened.value, cwd, given.positionals[0]);
      const taken = pipeline.ok ? await opened.value.takeOver(pipeline.value) : pipeline;
      if (!taken.ok) return taken;
    }
    const service = findService(opened.value, cwd, given.positionals[0]);
    if (!service.ok) return service;
    const environments = environmentsOf(opened.value, service.value);
    if (given.flag('json'))
      output.json({ service: plainService(service.value), identity: service.value, environments });
    else if (environments.length === 0) output.line([`${plainService(service.value)} has no release yet.`]);
    else for (const environment of environments) for (const line of linesOf(environment)) output.line(line);
    return done(exitStatus.good);
  },
};

interface EnvironmentReleases {
  readonly environment: string;
  readonly lastWorking: string | null;
  readonly releases: readonly {
    readonly id: string;
    readonly version: string | null;
    readonly configuration: string | null;
    readonly standing: Standing;
    readonly at: number;
    readonly runId: string;
    readonly nodes: readonly string[];
  }[];
}

/** Newest first; one entry for each release, with its latest status. */
function environmentsOf({ history }: Engine, service: string): readonly EnvironmentReleases[] {
  const known = new Map<string, Release>(history.releases(service).map(release => [release.id, release]));
  return [...Map.groupBy(history.ledger(service), entry => entry.environment)].map(([environment, entries]) => {
    const nodes = history.nodes(service, environment);
    const newest = new Map<string, LedgerEntry>();
    for (const entry of entries) {
      newest.delete(entry.release);
      newest.set(entry.release, entry);
    }
    return {
      environment,
      lastWorking: findLastWorking(entries) ?? null,
      releases: [...newest.values()].reverse().map(({ release, standing, at, runId }) => ({
        id: release,
        version: known.get(release)?.artifact.version ?? null,
        configuration: known.get(release)?.configuration.digest ?? null,
        standing,
        at,
        runId,
        nodes: nodes.filter(node => node.release === release).map(({ node }) => node),
      })),
    };
  });
}

function linesOf({ environment, lastWorking, releases: rows }: EnvironmentReleases): ReturnType<typeof table> {
  const tones: Readonly<Record<Standing, Tone>> = {
    deploying: 'canary',
    verified: 'good',
    'promoted-by-hand': 'good',
    failed: 'bad',
    'rolled-back': 'bad',
    held: 'warn',
    deployed: 'warn',
    unverified: 'warn',
  };
  const columns = [
    { title: '  Version' },
    { title: 'Release' },
    { title: 'Configuration' },
    { title: 'Standing' },
    { title: 'Since' },
    { title: 'Nodes' },
  ];
  return [
    [toned('strong', environment)],
    ...table(
      columns,
      rows.map(row => [
        `  ${row.version ?? 'not known'}`,
        shortId(row.id),
        shortId(row.configuration ?? ''),
        {
          text: standingWord(row.standing) + (row.id === lastWorking ? ', last working' : ''),
          tone: tones[row.standing],
        },
        formatMoment(row.at),
        row.nodes.join(' '),
      ]),
    ),
  ];
}

/** The name of a pipeline means its service; any other word is the name or identity of a service in the store. */
function findService(engine: Engine, cwd: string, given: string | undefined): Result<string> {
  const pipeline = findPipeline(engine, cwd, given);
  if (pipeline.ok) return succeed(identityOf(pipeline.value));
  const { history } = engine;
  const known = given === undefined ? [] : history.identities(given);
  if (known.length > 1)
    return fail('invalid', `Several repositories have a service ${given}. Which one?`, {
      hint: `One of: ${known.join(', ')}.`,
    });
  const isWhole = given !== undefined && (history.releases(given).length > 0 || history.ledger(given).length > 0);
  return known[0] !== undefined ? succeed(known[0]) : isWhole ? succeed(given) : pipeline;
}
