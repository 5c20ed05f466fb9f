// Live logs: a terminal for each run, with the colours of timeline and hooks, and the same text as a document.
import * as vscode from 'vscode';
import type { RunState, StepState } from '../../model/runs/runState.ts';
import { stagesOf } from '../../model/runs/runState.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { createTimeline } from '../../protocol/report/timeline.ts';
import type { Documents } from '../documents/documents.ts';
import type { Engines, HostEngine } from './engines.ts';
import { colouredOutput, colouredRow, logText, stepTitle } from '../documents/logText.ts';
import type { Outputs } from './outputs.ts';
import { t } from '../../protocol/words/translate.ts';

export interface Logs extends vscode.Disposable {
  /** Follows the run in a terminal. */
  follow(runId: string): Promise<void>;
  /** Opens the log as a document, at the line of a step. */
  showStep(runId: string, stepKey: string | undefined): Promise<void>;
}

const pollMs = 400;

export function createLogs(engines: Engines, documents: Documents, outputs: Outputs): Logs {
  const terminals = new Map<string, vscode.Terminal>();
  const closing = vscode.window.onDidCloseTerminal(closed => {
    for (const [runId, terminal] of terminals) if (terminal === closed) terminals.delete(runId);
  });
  const outputOf = async (engine: HostEngine, runId: string, key: string): Promise<string> =>
    outputs.of(runId, key) ?? (await engine.inspection.hookOutput(runId, key));
  return {
    async follow(runId) {
      const known = terminals.get(runId);
      if (known) {
        known.show(true);
        return;
      }
      const engine = await engines.open();
      if (!engine.ok) return;
      const number = engine.value.history.findRun(runId)?.number;
      const terminal = vscode.window.createTerminal({
        name: t('Backstop #{0}', number ?? runId),
        iconPath: new vscode.ThemeIcon('rocket'),
        pty: followRun(engine.value, runId, outputOf),
      });
      terminals.set(runId, terminal);
      terminal.show(true);
    },
    async showStep(runId, stepKey) {
      const engine = await engines.open();
      if (!engine.ok) return;
      const read = (): Promise<ReturnType<typeof logText> | undefined> => readLog(engine.value, runId, outputOf);
      const log = await read();
      const number = engine.value.history.findRun(runId)?.number;
      await documents.show(`/log/${runId}/Log of run ${number ?? runId}.log`, async () => (await read())?.text ?? '', {
        language: 'log',
        ...(stepKey !== undefined && log?.lineOf.has(stepKey) && { line: log.lineOf.get(stepKey)! }),
      });
    },
    dispose() {
      closing.dispose();
      for (const terminal of terminals.values()) terminal.dispose();
    },
  };
}

type ReadOutput = (engine: HostEngine, runId: string, key: string) => Promise<string>;

async function readLog(
  engine: HostEngine,
  runId: string,
  outputOf: ReadOutput,
): Promise<ReturnType<typeof logText> | undefined> {
  const events = engine.history.events(runId);
  const timeline = createTimeline(runId);
  for (const event of events) timeline.add(event);
  const { state } = timeline;
  if (!state) return undefined;
  const steps = stagesOf(state).flatMap(stage => stage.steps);
  const read = await Promise.all(steps.map(async step => [step.key, await outputOf(engine, runId, step.key)] as const));
  return logText(state, events, new Map(read));
}

function followRun(engine: HostEngine, runId: string, outputOf: ReadOutput): vscode.Pseudoterminal {
  const written = new vscode.EventEmitter<string>();
  const timeline = createTimeline(runId);
  const printed = new Map<string, number>();
  let lastSeq = 0,
    shownKey = '',
    isClosed = false,
    waiting: NodeJS.Timeout | undefined;

  async function step(): Promise<void> {
    const events = engine.history.events(runId, lastSeq);
    for (const event of events) {
      lastSeq = event.seq;
      for (const row of timeline.add(event)) if (row.level !== 'detail') written.fire(colouredRow(row));
    }
    if (timeline.state) await writeOutputs(timeline.state);
    if (isClosed) return;
    if (timeline.state?.outcome === undefined) waiting = setTimeout(() => void step(), pollMs);
    else written.fire(`\r\n\x1b[2m${plainLine(t('The run has ended.'))}\x1b[0m\r\n`);
  }
  async function writeOutputs(state: RunState): Promise<void> {
    for (const stage of stagesOf(state)) for (const one of stage.steps) await writeOutput(stage.name, one);
  }
  async function writeOutput(stage: string, one: StepState): Promise<void> {
    const before = printed.get(one.key);
    if (before === -1) return;
    const text = await outputOf(engine, runId, one.key);
    const fresh = text.slice(before ?? 0);
    // A value of -1 means that the hook has ended and all its output was shown.
    printed.set(one.key, one.status === 'running' ? text.length : -1);
    if (fresh === '') return;
    if (shownKey !== one.key) written.fire(`\x1b[36m${stepTitle(stage, one)}\x1b[0m\r\n`);
    shownKey = one.key;
    written.fire(colouredOutput(fresh.endsWith('\n') ? fresh : `${fresh}\n`));
  }
  return {
    onDidWrite: written.event,
    open: () => void step(),
    close() {
      isClosed = true;
      clearTimeout(waiting);
      written.dispose();
    },
  };
}
