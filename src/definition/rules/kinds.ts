// Rules on entries that have a kind: exactly one kind, and only the keys that fit it.
import { errorAt, spanOf } from '../../model/file/drafts.ts';
import type { Entry } from '../../model/file/place.ts';
import { child, entriesOf, entryOf, headOf, isFalse } from '../../model/file/place.ts';
import type { Outline, StageOutline } from './outline.ts';

export function checkKinds(outline: Outline): void {
  const { root, vendors } = outline;
  const jobKinds = vendors.filter(vendor => vendor.hook).map(vendor => vendor.kind);
  const artifactKinds = ['version', ...vendors.filter(vendor => vendor.artifact).map(vendor => vendor.kind)];
  const sections = [
    ['connections', vendors.filter(vendor => vendor.connection).map(vendor => vendor.kind), 'A connection'],
    ['hooks', ['command', 'http', ...jobKinds], 'A hook'],
    ['healthSources', vendors.filter(vendor => vendor.source).map(vendor => vendor.kind), 'A health source'],
  ] as const;
  for (const [section, kinds, noun] of sections) {
    for (const entry of entriesOf(child(root, section))) checkOneKind(outline, entry, kinds, noun);
  }
  const artifact = entryOf(root, 'artifact');
  if (artifact) checkOneKind(outline, artifact, artifactKinds, 'The artifact');
  for (const vendor of vendors) {
    const part = entryOf(artifact?.value, vendor.kind);
    if (part?.value.kind === 'map') vendor.artifact?.check?.(part, outline.report);
  }
  for (const entry of entriesOf(child(root, 'hooks'))) checkHook(outline, entry, jobKinds);
  for (const stage of outline.stages) checkStageKeys(outline, stage);
  checkParallel(outline);
}

function checkOneKind({ report }: Outline, entry: Entry, kinds: readonly string[], noun: string): void {
  if (entry.value.kind !== 'map') return;
  const present = kinds.flatMap(kind => entryOf(entry.value, kind) ?? []);
  const [, second] = present;
  if (present.length === 0)
    report(
      errorAt(entry.keySpan, 'missing-kind', `${noun} needs one of its kinds as a key.`, {
        found: entry.key,
        allowed: kinds,
      }),
    );
  else if (second)
    report(
      errorAt(
        second.keySpan,
        'several-kinds',
        `${noun} is of one kind; this one has ${present.map(one => `\`${one.key}\``).join(' and ')}.`,
        { found: second.key, allowed: kinds },
      ),
    );
}

function checkHook({ report }: Outline, hook: Entry, jobKinds: readonly string[]): void {
  const command = child(hook.value, 'command');
  const shell = entryOf(hook.value, 'shell');
  const usesShell = shell?.value.kind === 'scalar' && shell.value.value === true;
  if (
    command?.kind === 'scalar' &&
    typeof command.value === 'string' &&
    !usesShell &&
    (!shell || isFalse(shell.value))
  ) {
    report(
      errorAt(
        spanOf(command),
        'command-not-a-list',
        'Without a shell a command is a list: `[program, argument]`. For one text, add `shell: true`.',
        { found: command.source, allowed: ['a list of texts'] },
      ),
    );
  }
  if (command?.kind === 'list' && usesShell) {
    report(
      errorAt(
        headOf(command),
        'shell-command-not-text',
        'With `shell: true` the command is one text for `/bin/sh -c`. Write it as one text, or remove `shell: true`.',
        { allowed: ['one text'] },
      ),
    );
  }
  if (command) return;
  for (const key of ['shell', 'directory', 'variables', 'environment']) {
    const entry = entryOf(hook.value, key);
    if (entry && ['http', ...jobKinds].some(kind => entryOf(hook.value, kind))) {
      report(
        errorAt(entry.keySpan, 'key-does-not-fit', `\`${key}\` belongs to a hook of kind \`command\`. Take it away.`, {
          found: key,
        }),
      );
    }
  }
}

const stageKeys: Record<StageOutline['kind'], readonly string[]> = {
  deploy: ['stage', 'when', 'environment', 'steps', 'rollback', 'check', 'timeout', 'retry', 'onFailure', 'askFor'],
  canary: ['stage', 'when', 'environment', 'canary', 'verification', 'timeout', 'onFailure', 'askFor'],
  approval: ['stage', 'when', 'approval'],
};
const anyStageKey = new Set(Object.values(stageKeys).flat());
const otherHomes: Readonly<Record<string, string>> = {
  rollback: 'canary.rollback',
  check: 'canary.check',
  timeout: 'approval.timeout',
  retry: 'the retry of its hooks',
  verification: 'a canary stage',
  onFailure: 'approval.onTimeout',
};

function checkStageKeys({ report }: Outline, { place, kind }: StageOutline): void {
  const kinds = entriesOf(place).filter(({ key }) => key === 'steps' || key === 'canary' || key === 'approval');
  const [first, second] = kinds;
  if (first && second) {
    report(
      errorAt(
        second.keySpan,
        'several-kinds',
        `A stage is of one kind; this one has \`${first.key}\` and \`${second.key}\`. Make two stages of it.`,
        { found: second.key, allowed: ['steps', 'canary', 'approval'] },
      ),
    );
    return;
  }
  if (kind === 'deploy' && !entryOf(place, 'steps')) {
    if (place.kind === 'map')
      report(
        errorAt(headOf(place), 'empty-stage', 'This stage does nothing. Give it `steps`, `canary` or `approval`.', {
          allowed: ['steps', 'canary', 'approval'],
        }),
      );
    return;
  }
  for (const { key, keySpan } of entriesOf(place)) {
    if (!anyStageKey.has(key) || stageKeys[kind].includes(key)) continue;
    const home = otherHomes[key];
    const instead =
      home === undefined ? ' Take it away.' : ` Use ${home.includes(' ') ? home : `\`${home}\``} instead.`;
    report(
      errorAt(
        keySpan,
        'key-does-not-fit',
        `\`${key}\` does not belong to ${kind === 'approval' ? 'an approval' : `a ${kind} stage`}.${instead}`,
        { found: key, allowed: stageKeys[kind] },
      ),
    );
  }
}

function checkParallel({ root, report }: Outline): void {
  const list = child(root, 'stages');
  for (const item of list?.kind === 'list' ? list.items : []) {
    const parallel = entryOf(item, 'parallel');
    if (!parallel) {
      if (item.kind === 'map' && !entryOf(item, 'stage'))
        report(errorAt(headOf(item), 'missing-key', 'A stage needs a name: begin it with `stage: NAME`.'));
      continue;
    }
    for (const { key, keySpan } of entriesOf(item)) {
      if (key !== 'parallel' && anyStageKey.has(key))
        report(
          errorAt(
            keySpan,
            'key-does-not-fit',
            `\`parallel\` allows no other key beside it; move \`${key}\` into its stages.`,
            { found: key, allowed: ['parallel'] },
          ),
        );
    }
  }
}
