// Keys that exclude each other, which the schema cannot express: a stage, and a hook, has exactly one kind.
import { withoutParallel } from '../document/names.ts';
import { alternativesOf, keysAt, type Schema } from '../document/schema.ts';
import type { Path } from '../document/syntaxNodes.ts';

type Rivals = Readonly<Record<string, readonly string[]>>;
const ofStage: Rivals = {
  steps: ['canary', 'approval', 'verification', 'parallel'],
  canary: ['steps', 'approval', 'rollback', 'check', 'retry', 'parallel'],
  approval: [
    'steps',
    'canary',
    'environment',
    'verification',
    'rollback',
    'check',
    'retry',
    'timeout',
    'onFailure',
    'askFor',
    'parallel',
  ],
  parallel: [
    'stage',
    'when',
    'steps',
    'canary',
    'approval',
    'environment',
    'verification',
    'rollback',
    'check',
    'retry',
    'timeout',
    'onFailure',
    'askFor',
  ],
  stage: ['parallel'],
};
const ofCommand = ['shell', 'directory', 'variables', 'environment'];

/**
 * A hook is a command, an HTTP call, or a vendor's job. A vendor's job is recognised by the connection that it names.
 */
function rivalsOfHooks(schema: Schema): Rivals {
  const jobs = keysAt(schema, ['hooks', ''])
    .filter(key => alternativesOf(key.schema, schema).some(({ properties }) => properties?.['connection']))
    .map(key => key.name);
  const kinds = ['command', 'http', ...jobs];
  return Object.fromEntries(
    kinds.map(kind => [kind, [...kinds.filter(other => other !== kind), ...(kind === 'command' ? [] : ofCommand)]]),
  );
}

/** True if the key cannot be combined with the keys that are present. */
export function isRival(path: Path, key: string, present: ReadonlySet<string>, schema: Schema): boolean {
  const plain = withoutParallel(path);
  if (plain.length !== 2) return false;
  const rivals = plain[0] === 'stages' ? ofStage : plain[0] === 'hooks' ? rivalsOfHooks(schema) : {};
  return Object.entries(rivals).some(([other, excluded]) => present.has(other) && excluded.includes(key));
}
