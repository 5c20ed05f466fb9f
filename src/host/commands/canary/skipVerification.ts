// Skip Verification: needs a reason, which is stored with the run.
import * as vscode from 'vscode';
import type { HostServices } from '../../hostServices.ts';
import { askReason, tellCanary } from './canary.ts';

export function skipVerification(services: HostServices, given: unknown): Promise<void> {
  const title = vscode.l10n.t('Skip Verification');
  return tellCanary(services, given, 'skip-verification', title, state =>
    askReason(state, title, vscode.l10n.t('Reason (stored with your name in the run)')),
  );
}
