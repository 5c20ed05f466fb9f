// Verify Again: starts the verification again, with evidence from now on.
import type { HostServices } from '../../hostServices.ts';
import { tellCanary } from './canary.ts';
import { t } from '../../../protocol/words/translate.ts';

export function retryVerification(services: HostServices, given: unknown): Promise<void> {
  return tellCanary(services, given, 'retry-verification', t('Verify Again'));
}
