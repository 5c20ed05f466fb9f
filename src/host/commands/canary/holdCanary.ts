// Hold Canary: keeps it where it is until a person decides.
import * as vscode from 'vscode';
import type { HostParts } from '../../parts.ts';
import { tellCanary } from './canary.ts';

export function holdCanary(parts: HostParts, given: unknown): Promise<void> {
  return tellCanary(parts, given, 'hold', vscode.l10n.t('Hold Canary'));
}
