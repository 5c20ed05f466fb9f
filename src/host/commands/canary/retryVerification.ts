// Retry Verification: starts the verification again, with evidence from now on.
import * as vscode from 'vscode';
import type { HostServices } from '../../hostServices.ts';
import { tellCanary } from './canary.ts';

export function retryVerification(services: HostServices, given: unknown): Promise<void> {
  return tellCanary(services, given, 'retry-verification', vscode.l10n.t('Retry Verification'));
}
