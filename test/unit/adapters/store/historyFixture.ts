// A store in a folder of its own, and nouns to put into it, for the tests of the store.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openHistory, type OpenHistory } from '../../../../src/adapters/store/history.ts';
import type { StoreOptions } from '../../../../src/adapters/store/file/historyStore.ts';
import { configurationDigest, releaseId } from '../../../../src/adapters/store/releaseId.ts';
import type { NewRun } from '../../../../src/model/history.ts';
import type { Release } from '../../../../src/model/release.ts';
import type { RunEvent, RunEventBody } from '../../../../src/model/runs/runEvents.ts';

export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'backstop-test-'));
  context.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export function openOrThrow(path: string, now?: () => number, options?: StoreOptions): OpenHistory {
  const opened = openHistory(path, now, options);
  if (!opened.ok) throw new Error(opened.failure.message, { cause: opened.failure });
  return opened.value;
}

export function newHistory(context: TestContext, now?: () => number): OpenHistory & { path: string } {
  const path = join(temporaryFolder(context), 'history.db');
  const history = openOrThrow(path, now);
  context.after(() => history.close());
  return { ...history, path };
}

export function someRun(id: string, more: Partial<NewRun> = {}): NewRun {
  return {
    id,
    pipeline: 'shop',
    service: 'shop',
    by: { name: 'Ann', via: 'cli' },
    version: '1.2.0',
    inputs: { fast: true },
    startedAtMs: 1_000,
    ...more,
  };
}

export function someEvent(
  seq: number,
  body: RunEventBody = { type: 'stage-started', stage: `stage ${seq}` },
): RunEvent {
  return { ...body, seq, at: 1_000 + seq };
}

/** Its id is what its content says. */
export function someRelease(version: string, more: Partial<Release> = {}): Release {
  const { files, variables } = more.configuration ?? { files: [], variables: {} };
  const digest = configurationDigest(files, variables);
  return {
    service: 'shop',
    artifact: { version },
    createdAt: 1_000,
    ...more,
    id: releaseId(more.service ?? 'shop', { version }, digest),
    configuration: { digest, files, variables },
  };
}
