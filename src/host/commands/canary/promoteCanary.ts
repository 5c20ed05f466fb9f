// Promote Canary: decides for the new release while the run is on hold, asks, or still verifies; the reason is stored.
import type { HostServices } from '../../hostServices.ts';
import { askReason, tellCanary } from './canary.ts';
import { t } from '../../../protocol/words/translate.ts';

export function promoteCanary(services: HostServices, given: unknown): Promise<void> {
  const title = t('Promote Canary');
  return tellCanary(services, given, 'promote', title, state =>
    askReason(state, title, t('Reason for promoting without a passed verification')),
  );
}
