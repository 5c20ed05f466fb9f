// Hold Canary: keeps the canary as it is until a person decides.
import type { HostServices } from '../../hostServices.ts';
import { tellCanary } from './canary.ts';
import { t } from '../../../protocol/words/translate.ts';

export function holdCanary(services: HostServices, given: unknown): Promise<void> {
  return tellCanary(services, given, 'hold', t('Hold Canary'));
}
