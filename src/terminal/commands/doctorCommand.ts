// `backstop doctor`: versions and settings, whether the store is intact, and the latest failures.
import { existsSync } from 'node:fs';
import { formatBytes } from '../../model/byteSize.ts';
import { describeFailure } from '../../model/failure.ts';
import { formatCount, formatDuration, formatMoment } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { done, jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatus } from '../exitStatus.ts';

/** Settings by environment variable; of credentials only the names are shown. */
const settings = ['BACKSTOP_USER', 'BACKSTOP_HOME', 'BACKSTOP_DEBUG', 'LANG', 'NO_COLOR', 'FORCE_COLOR'];

export const doctor: Command = {
  name: 'doctor',
  group: 'Look back',
  summary: 'Checks this installation: versions, settings, the store, leases and the last errors.',
  usage: '[--repair] [--json]',
  details: [
    'Credentials are named, never shown.',
    'With --repair, what is damaged, missing or changed in the store is restored from the journals beside it; ' +
      'a damaged file is moved aside, not removed.',
  ],
  positional: { name: '', minimum: 0, maximum: 0 },
  options: { repair: { type: 'boolean', text: 'Repair the store.' }, ...jsonOption },
  statuses: { 0: 'all is well', 1: 'something is wrong', 3: 'the store cannot be opened' },
  examples: ['backstop doctor', 'backstop doctor --repair'],
  async run({ given, output, dependencies: { env, version, store } }) {
    const tools = await store();
    if (!tools.ok) return tools;
    const { path } = tools.value;
    const repaired = given.flag('repair') ? tools.value.repair() : undefined;
    if (repaired?.ok === false) return repaired;
    const damage = tools.value.damage();
    const overview = damage || !existsSync(path) ? undefined : tools.value.overview();
    const audited = damage || !existsSync(path) ? undefined : tools.value.audit();
    const findings = audited?.ok ? audited.value.findings : [];
    const troubles = [damage, overview?.ok === false ? overview.failure : undefined].filter(one => one !== undefined);
    const facts = {
      version,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      settings: Object.fromEntries(settings.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]]]))),
      credentials: Object.keys(env)
        .filter(name => name.startsWith('BACKSTOP_CREDENTIAL_') && env[name])
        .sort(),
      store: path,
      ...(overview?.ok && { overview: overview.value }),
      repaired: repaired?.value ?? [],
      findings,
      troubles,
    };
    const status = troubles.length + findings.length === 0 ? exitStatus.good : exitStatus.bad;
    if (given.flag('json')) {
      output.json(facts);
      return done(status);
    }
    output.line([`backstop ${version}, Node ${facts.node}, ${facts.platform}`]);
    for (const [name, value] of Object.entries(facts.settings))
      output.line([`${name}=${plainLine(String(value), 200)}`]);
    output.line([
      `Credentials: ${facts.credentials.length === 0 ? 'none in the environment' : facts.credentials.join(', ')}`,
    ]);
    for (const one of facts.repaired) output.line([`Repaired: ${plainLine(one, 400)}`]);
    if (!existsSync(path)) output.line([`Store ${path}: none yet.`]);
    if (overview?.ok) {
      const { sizeBytes, runs, leases, unfinished, guards, failures } = overview.value;
      output.line([`Store ${path}: ${formatBytes(sizeBytes)}, ${formatCount(runs, 'run')}.`]);
      for (const lease of leases)
        output.line([
          `Held: ${plainLine(lease.environment, 120)} by process ${plainLine(lease.process, 120)}, `,
          `renewed ${formatMoment(lease.renewedAtMs)}`,
        ]);
      if (unfinished.length > 0) output.line([`Not ended: ${unfinished.map(number => `#${number}`).join(', ')}`]);
      for (const { run, act, afterMs, dueAtMs } of guards)
        output.line([
          dueAtMs === undefined
            ? `Guarded: #${run}, ${act} once no process has run it for ${formatDuration(afterMs)}`
            : `Guarded: #${run}, ${act} at ${formatMoment(dueAtMs)} unless it is resumed`,
        ]);
      for (const { run, atMs, failure } of failures)
        output.line([`${formatMoment(atMs)}  #${run}  ${plainLine(describeFailure(failure), 300)}`]);
    }
    for (const finding of findings) output.line([{ tone: 'bad', text: plainLine(finding, 400) }]);
    for (const failure of troubles) output.failure(failure);
    output.line([
      status === exitStatus.good
        ? 'All is well.'
        : given.flag('repair')
          ? 'Something is still wrong: the journals do not have it either.'
          : 'Something is wrong. To bring back what the journals have: backstop doctor --repair',
    ]);
    return done(status);
  },
};
