// Promote Canary: decides for the new release while the run is on hold, asks, or still verifies; the reason is stored.
import * as vscode from 'vscode';
import type { HostServices } from '../../hostServices.ts';
import { askReason, tellCanary } from './canary.ts';

export function promoteCanary(services: HostServices, given: unknown): Promise<void> {
  const title = vscode.l10n.t('Promote Canary');
  return tellCanary(services, given, 'promote', title, state =>
    askReason(state, title, vscode.l10n.t('Reason for promoting without a passed verification')),
  );
}
