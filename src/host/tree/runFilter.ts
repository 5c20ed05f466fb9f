// Filters the runs in the Runs view: by default those of the workspace, and by outcome, version or person on request.
import { identityOf } from '../../model/identity.ts';
import type { RunSummary } from '../../model/history.ts';
import type { RunOutcome } from '../../model/runs/runEvents.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { runOutcomeWord } from '../../protocol/words/words.ts';
import type { Translate } from '../../protocol/words/translate.ts';

export interface RunFilter {
  /** Includes the runs of all workspaces in this machine's store. */
  readonly all?: boolean;
  readonly outcome?: RunOutcome;
  /** A part of a version, a pipeline name or a person's name. */
  readonly text?: string;
}
/** Identifies the runs of the workspace. Absent without a folder: then every run is listed. */
export interface OwnWork {
  /** The service identities of its pipelines. */
  readonly services: ReadonlySet<string>;
  readonly isOwnRun: (runId: string) => boolean;
}

export function filterRuns(
  runs: readonly RunSummary[],
  { all = false, outcome, text = '' }: RunFilter,
  own: OwnWork | undefined,
): readonly RunSummary[] {
  const wanted = text.trim().toLowerCase();
  return runs.filter(
    run =>
      (all || !own || own.services.has(identityOf(run)) || own.isOwnRun(run.id)) &&
      (outcome === undefined || run.outcome === outcome) &&
      [run.version, run.pipeline, run.by.name].some(value => value.toLowerCase().includes(wanted)),
  );
}

/** Shown next to the title of the view; undefined without a filter. */
export function describeFilter({ all, outcome, text }: RunFilter, t: Translate): string | undefined {
  const parts = [
    all ? t('all workspaces') : '',
    outcome ? runOutcomeWord(outcome) : '',
    text ? `“${plainLine(text, 40)}”` : '',
  ].filter(Boolean);
  return parts.length ? parts.join(' · ') : undefined;
}

export interface KeptFilter {
  readonly value: RunFilter;
  set(value: RunFilter): void;
}

export function keepFilter(onChange: () => void): KeptFilter {
  let kept: RunFilter = {};
  return {
    get value() {
      return kept;
    },
    set(value) {
      kept = value;
      onChange();
    },
  };
}
