// Hold Canary: keeps the canary as it is until a person decides.
import * as vscode from 'vscode';
import type { HostServices } from '../../hostServices.ts';
import { tellCanary } from './canary.ts';

export function holdCanary(services: HostServices, given: unknown): Promise<void> {
  return tellCanary(services, given, 'hold', vscode.l10n.t('Hold Canary'));
}
