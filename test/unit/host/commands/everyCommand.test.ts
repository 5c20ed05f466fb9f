// Every command in every state in which it is offered: it does something that a person sees, and does not refuse what
// it was offered for. The table of what it does stands in README.md beside this test.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { commands, runPanelType } from '../../../../src/contributions.ts';
import { snapshotRun } from '../../../../src/protocol/snapshot/snapshot.ts';
import { oldRelease } from '../../terminal/stories.ts';
import { seen, takePlaceOfEditor, type Effect } from './editorDouble.ts';
import { holds } from './whenClause.ts';

takePlaceOfEditor();
const { commandStates, makeWorld } = await import('./commandStates.ts'),
  { answers } = await import('../../../../src/host/commands/register.ts'),
  { commandOf } = await import('../../../../src/host/panel/panelAnswers.ts'),
  { showRunFacts, showPipelineFacts } = await import('../../../../src/host/contextKeys.ts');

interface Offer {
  readonly command: string;
  readonly when?: string;
}
const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../package.json'), 'utf8')) as {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly Offer[]>>;
  };
};
const { menus, commands: contributed } = manifest.contributes,
  names = Object.keys(commands) as (keyof typeof commands)[];
const table = join(import.meta.dirname, 'README.md');

type World = ReturnType<typeof makeWorld>;

/** With what it is called: nothing from the palette and the panel, a node from a tree. */
function offersOf(name: keyof typeof commands, { nodes, run }: World): readonly unknown[] {
  const command = commands[name],
    common = { ...seen.keys, isWorkspaceTrusted: true, workspaceFolderCount: 1 },
    allows = (facts: Readonly<Record<string, unknown>>, offers: readonly Offer[] = []): boolean =>
      offers.some(one => one.command === command && holds(one.when, { ...common, ...facts }));
  if (!holds(contributed.find(one => one.command === command)?.enablement, common)) return [];
  const palette = menus['commandPalette']?.filter(one => one.command === command) ?? [],
    panel = run && { activeWebviewPanelId: runPanelType };
  return [
    ...(palette.every(one => holds(one.when, { ...common, ...panel })) ? [undefined] : []),
    ...(['backstop.pipelines', 'backstop.runs', 'backstop.environments'].some(view =>
      allows({ view }, menus['view/title']),
    )
      ? [undefined]
      : []),
    ...nodes
      .filter(({ view, node }) => allows({ view, viewItem: node.facts.join(' ') }, menus['view/item/context']))
      .map(({ node }) => node),
  ];
}

async function effectOf(name: keyof typeof commands, { services, run }: World, given: unknown): Promise<Effect | ''> {
  if (run && (name === 'nextRun' || name === 'previousRun')) await answers.openRun(services, { runId: run.id });
  seen.effects.length = 0;
  try {
    await answers[name](services, given);
  } catch (error) {
    // Further than to its first question the double does not go along.
    if (seen.effects.length === 0) throw error;
  } finally {
    for (const close of seen.closers.splice(0)) close();
  }
  return seen.effects.find(({ effect }) => effect !== 'lists')?.effect ?? seen.effects[0]?.effect ?? '';
}

const found = new Map<string, string>();
for (const [state, given] of Object.entries(commandStates))
  test(`every command that is offered in the state "${state}" does something, and does not refuse`, async () => {
    const world = makeWorld(given);
    for (const key of Object.keys(seen.keys)) delete seen.keys[key];
    showPipelineFacts(world.services.pipelines);
    showRunFacts(world.services.feed.openStates(), world.run ? [world.run] : []);
    const wrong: string[] = [];
    for (const name of names) {
      const effects = new Set<string>();
      for (const offer of offersOf(name, world)) {
        const effect = await effectOf(name, makeWorld(given), offer);
        effects.add(effect);
        if (effect === '' || effect === 'refuses')
          wrong.push(
            [
              name,
              offer ? `on ${(offer as { id: string }).id}` : 'from the palette',
              effect || 'does nothing',
              seen.effects[0]?.text,
            ].join(' '),
          );
      }
      found.set(`${name}/${state}`, [...effects].sort().join(', '));
    }
    assert.deepEqual([...new Set(wrong)], []);
  });

for (const [state, given] of Object.entries(commandStates).filter(([, { events }]) => events))
  test(`every button of the run's panel in the state "${state}" does something, and does not refuse`, async () => {
    const { run, events = [] } = { ...makeWorld(given), ...given };
    const header = snapshotRun('run-1', events, (events.at(-1)?.at ?? 0) + 1_000, {
      working: oldRelease,
      isElsewhere: given.pipelines.length === 0,
    })?.header;
    assert.ok(run && header && header.actions.length > 0);
    const wrong: string[] = [];
    for (const action of header.actions) {
      const name = names.find(one => commands[one] === commandOf[action])!;
      const effect = await effectOf(name, makeWorld(given), { runId: run.id });
      if (effect === '' || effect === 'refuses') wrong.push(`${action} ${effect} ${seen.effects[0]?.text ?? ''}`);
    }
    assert.deepEqual(wrong, []);
  });

after(() => {
  const states = Object.keys(commandStates);
  const rows = names.map(
    name => `| \`${name}\` | ${states.map(state => found.get(`${name}/${state}`) || '–').join(' | ')} |`,
  );
  const text = [
    '# Every command in every state',
    '',
    'What a command does first that a person sees, where it is offered: in the command palette, the title of a view ' +
      'or the menu of a node. A dash: it is not offered. The test beside this page writes it with ' +
      '`BACKSTOP_UPDATE_FIXTURES=1`, and fails where a command is offered that does nothing or refuses.',
    '',
    'Effects: *asks* (a list, an input or a confirmation), *opens* (a document, a log or a panel), *copies*, ' +
      '*says* (a notification), *sends* (an instruction to the run), *works* (its progress is shown), ' +
      '*lists* (a view is read anew).',
    '',
    `| Command | ${states.join(' | ')} |`,
    `| --- |${' --- |'.repeat(states.length)}`,
    ...rows,
    '',
  ].join('\n');
  if (process.env['BACKSTOP_UPDATE_FIXTURES'] === '1') writeFileSync(table, text);
  else assert.equal(readFileSync(table, 'utf8'), text);
});
