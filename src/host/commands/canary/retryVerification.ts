// Retry Verification: begins to look anew, with what the canary writes from now on.
import * as vscode from 'vscode';
import type { HostParts } from '../../parts.ts';
import { tellCanary } from './canary.ts';

export function retryVerification(parts: HostParts, given: unknown): Promise<void> {
  return tellCanary(parts, given, 'retry-verification', vscode.l10n.t('Retry Verification'));
}
