// Keys that do not go together, which the schema cannot say: a stage and a hook are of one kind each.
import { withoutParallel } from '../document/names.ts';
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
const ofHook: Rivals = {
  command: ['http', 'jenkins'],
  http: ['command', 'jenkins', 'shell', 'directory', 'variables', 'environment'],
  jenkins: ['command', 'http', 'shell', 'directory', 'variables', 'environment'],
};

/** True for a key that does not fit beside those that are present. */
export function isRival(path: Path, key: string, present: ReadonlySet<string>): boolean {
  const plain = withoutParallel(path);
  if (plain.length !== 2) return false;
  const rivals = plain[0] === 'stages' ? ofStage : plain[0] === 'hooks' ? ofHook : {};
  return Object.entries(rivals).some(([other, excluded]) => present.has(other) && excluded.includes(key));
}
