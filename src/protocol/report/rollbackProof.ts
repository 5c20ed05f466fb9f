// What is known of nodes after a rollback, and no more than was measured: who confirmed the release, and their health.
import type { RollbackState } from '../../model/runs/runState.ts';
import { formatDuration } from '../words/format.ts';
import { t } from '../words/translate.ts';

/** Undefined as long as nothing is known. */
export function proofPhrase({ proof, provenAtMs, startedAtMs, nodes }: RollbackState): string | undefined {
  if (!proof || provenAtMs === undefined) return undefined;
  const { confirmed, health } = proof;
  if (health === 'healthy') return t('verified healthy after {0}', formatDuration(provenAtMs - startedAtMs));
  const back =
    confirmed === undefined
      ? t('according to the rollback hook')
      : t('check hook confirmed {0} of {1}', confirmed, nodes.length);
  switch (health) {
    case 'no-source':
      return `${back}; ${t('health not measured: no source')}`;
    case 'not-measured':
      return `${back}; ${t('health could not be measured')}`;
    case 'not-wanted':
      return back;
    default:
      return health satisfies never;
  }
}
