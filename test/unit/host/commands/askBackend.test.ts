// New Pipeline… asks for the server of the metrics: a person chooses it, fills in its connection and credential, and
// takes what it offers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeStarter } from '../../../../src/compose.ts';
import { fail, succeed, type Result } from '../../../../src/model/failure.ts';
import type { Offered, StarterChoices } from '../../../../src/model/starter.ts';
import { takePlaceOfEditor } from './editorDouble.ts';

interface Input {
  canSelectMany?: boolean;
  items: readonly { readonly label: string }[];
  selectedItems: readonly { readonly label: string }[];
  prompt: string;
  value: string;
}
let asked: string[] = [];

/** Chooses Graphite from a list, all but latency of several, and types a credential. */
function makeInput(): unknown {
  let accept = (): void => undefined;
  const input = {
    items: [],
    selectedItems: [],
    prompt: '',
    value: '',
    onDidAccept: (listener: () => void) => (accept = listener),
    onDidHide() {},
    onDidChangeValue() {},
    onDidTriggerButton() {},
    hide() {},
    dispose() {},
    show(this: Input) {
      asked.push(this.prompt || this.items.map(({ label }) => label).join(', '));
      this.selectedItems = this.items.filter(({ label }) =>
        this.canSelectMany ? label !== 'latency' : label === 'Graphite',
      );
      if (this.prompt.startsWith('Graphite: a token')) this.value = ' secret ';
      accept();
    },
  };
  return input;
}

takePlaceOfEditor();
Object.assign((globalThis as unknown as { editorDouble: object }).editorDouble, {
  window: {
    createQuickPick: makeInput,
    createInputBox: makeInput,
    withProgress: (_: unknown, work: (progress: unknown, token: unknown) => unknown) =>
      work(undefined, { onCancellationRequested() {} }),
  },
});
const { askBackend } = await import('../../../../src/host/commands/askBackend.ts');

const offered: Offered = {
  where: '*.shop',
  source: { node: 'target' },
  node: 'part 2 of the names',
  nodes: [],
  labels: [],
  signals: (['requests', 'latency'] as const).map(role => ({
    role,
    kind: 'count',
    bounds: [],
    keys: { target: role },
    sample: `${role} 7`,
  })),
};

async function answer(found: Result<Offered>) {
  const stored: string[] = [],
    told: string[] = [];
  asked = [];
  const real = composeStarter({});
  const connection = "{ graphite: { url: 'https://graphite.example.com', credential: graphite } }";
  const backends = real.backends.map(one => (one.kind === 'graphite' ? { ...one, connection } : one));
  const services = {
    secrets: {
      load: () => Promise.resolve(),
      has: () => false,
      set: (name: string, value: string) => Promise.resolve(stored.push(`${name}=${value}`)),
    },
    hasEnvironmentCredential: () => false,
    engines: { vendors: () => Promise.resolve([{ kind: 'graphite', credential: { prompt: 'Graphite: a token.' } }]) },
    notify: { fail: ({ message }: { message: string }) => told.push(message) },
  } as unknown as Parameters<typeof askBackend>[0];
  const starter = { ...real, backends, offered: () => Promise.resolve(found) };
  const choices: StarterChoices = real.suggest([], 'shop');
  return { choices: await askBackend(services, '/shop', starter, choices), stored, told };
}

test('the chosen server is asked with the credential that was typed, and what is taken is written', async () => {
  const { choices, stored, told } = await answer(succeed(offered));
  assert.match(asked[0]!, /^None of these, or decide later, New Relic, Prometheus, .*Graphite$/);
  assert.deepEqual(asked.slice(1), [
    'Connection, as written in the pipeline file',
    'Graphite: a token.',
    'requests, latency',
  ]);
  assert.deepEqual([stored, told], [['graphite=secret'], []]);
  assert.equal(choices?.backend?.connection.url, 'https://graphite.example.com');
  assert.deepEqual(
    choices?.offered?.signals.map(({ role }) => role),
    ['requests'],
  );
});

test('a server that does not answer is said, and the pipeline is written with its connection', async () => {
  const { choices, told } = await answer(fail('unreachable', 'It is down.'));
  assert.deepEqual(told, ['It is down.']);
  assert.equal(choices?.backend?.vendor, 'graphite');
  assert.equal(choices?.offered, undefined);
});
