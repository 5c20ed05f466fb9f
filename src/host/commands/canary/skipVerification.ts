// Skip Verification: needs a reason, which is stored with the run.
import type { HostServices } from '../../hostServices.ts';
import { askReason, tellCanary } from './canary.ts';
import { t } from '../../../protocol/words/translate.ts';

export function skipVerification(services: HostServices, given: unknown): Promise<void> {
  const title = t('Skip Verification');
  return tellCanary(services, given, 'skip-verification', title, state =>
    askReason(state, title, t('Reason (stored with your name in the run)')),
  );
}
