// Filter Runs…: chooses which runs the view lists, by workspace, outcome, version or person.
import * as vscode from 'vscode';
import type { RunOutcome } from '../../model/runs/runEvents.ts';
import { runOutcomeWord } from '../../protocol/words/words.ts';
import { pickOne, typeLine, type Choice } from '../asking/prompts.ts';
import type { HostServices } from '../hostServices.ts';
import type { RunFilter } from '../tree/runFilter.ts';
import { t } from '../../protocol/words/translate.ts';

const outcomes: readonly RunOutcome[] = ['promoted', 'rolled-back', 'held', 'failed', 'rejected', 'cancelled'];

export async function filterRuns({ runFilter }: HostServices): Promise<void> {
  const title = t('Filter Runs');
  const picked = await pickOne({ title }, t('Which runs?'), choices(runFilter.value));
  if (picked === undefined || picked === 'back') return;
  if (picked !== 'text') {
    runFilter.set(picked);
    return;
  }
  const typed = await typeLine(
    { title },
    { prompt: t('Part of a version, a pipeline or a name'), value: runFilter.value.text ?? '' },
  );
  if (typed === undefined || typed === 'back') return;
  const { text: _, ...others } = runFilter.value;
  runFilter.set(typed.text.trim() === '' ? others : { ...others, text: typed.text.trim() });
}

function choices(now: RunFilter): readonly Choice<RunFilter | 'text'>[] {
  const { outcome, all, ...rest } = now;
  return [
    { label: t('Runs of this workspace'), ...checked(!all), value: { ...rest, ...(outcome && { outcome }) } },
    { label: t('Runs of all workspaces'), ...checked(all), value: { ...now, all: true } },
    { label: t('Version, pipeline or person…'), ...(now.text && { description: now.text }), value: 'text' },
    { label: t('Outcome'), kind: vscode.QuickPickItemKind.Separator },
    { label: t('Any outcome'), ...checked(outcome === undefined), value: { ...rest, ...(all && { all }) } },
    ...outcomes.map(one => ({
      label: runOutcomeWord(one),
      ...checked(outcome === one),
      value: { ...now, outcome: one },
    })),
  ];
}

function checked(is: boolean | undefined): { readonly description?: string } {
  return is ? { description: '$(check)' } : {};
}
