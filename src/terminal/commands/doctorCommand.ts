// `backstop doctor`: shows versions, settings, the condition of the store and the latest failures.
import { existsSync } from 'node:fs';
import { plainLine } from '../../protocol/words/plainText.ts';
import { done, jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatus } from '../exitStatus.ts';
import { diagnosisLines } from '../show/diagnosisLines.ts';

export const doctor: Command = {
  name: 'doctor',
  group: 'Look back',
  summary: 'Checks this installation: versions, settings, the store, leases and the last errors.',
  usage: '[--repair] [--json]',
  details: [
    'It shows the names of credentials but never their values, and redacts everything that looks like one.',
    'With --repair, damaged, missing or changed data in the store is restored from the journals next to it. ' +
      'A damaged file is renamed, not removed.',
  ],
  positional: { name: '', minimum: 0, maximum: 0 },
  options: { repair: { type: 'boolean', text: 'Repairs the store.' }, ...jsonOption },
  statuses: { 0: 'all is well', 1: 'something is wrong', 3: 'the store cannot be opened' },
  examples: ['backstop doctor', 'backstop doctor --repair'],
  async run({ given, output, dependencies: { version, store, diagnose } }) {
    const tools = await store();
    if (!tools.ok) return tools;
    const { path } = tools.value;
    const repaired = given.flag('repair') ? tools.value.repair() : undefined;
    if (repaired?.ok === false) return repaired;
    const damage = tools.value.damage();
    const audited = damage || !existsSync(path) ? undefined : tools.value.audit();
    const findings = audited?.ok ? audited.value.findings : [];
    const diagnosis = await diagnose(tools.value, damage);
    const { troubles } = diagnosis;
    const facts = { version, ...diagnosis, repaired: repaired?.value ?? [], findings };
    const status = troubles.length + findings.length === 0 ? exitStatus.good : exitStatus.bad;
    if (given.flag('json')) {
      output.json(facts);
      return done(status);
    }
    for (const line of diagnosisLines(diagnosis, version)) output.line([line]);
    for (const one of facts.repaired) output.line([`Repaired: ${plainLine(one, 400)}`]);
    if (!existsSync(path)) output.line([`Store ${path}: none yet.`]);
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
