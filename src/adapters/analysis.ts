// Starts the analysis worker on first use, and exchanges the messages of model/evidence/analysis.ts with it.
import { Worker } from 'node:worker_threads';
import type { AnalysisReply, AnalysisRequest, AnalysisSession } from '../model/evidence/analysis.ts';
import { fail, succeed, type Result } from '../model/failure.ts';
import type { Analysis } from '../model/ports.ts';

type RequestBody = AnalysisRequest extends infer Request
  ? Request extends AnalysisRequest
    ? Omit<Request, 'id'>
    : never
  : never;

/**
 * Pages of lines produce a lot of short-lived garbage; a large young generation would only keep it longer. V8 lets a
 * heap that may grow beyond 2 GB grow to four times what is in use before it collects, a smaller one to twice as much
 * (MaxGrowingFactor in V8). A verification keeps about fifty megabytes.
 */
export const workerLimits = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 2000 };

/**
 * `workerPath` is the worker's bundle; `secretForms` are patterns of the vendors' keys. If the worker dies, its pending
 * requests fail, and the next session starts a new worker.
 */
export function createWorkerAnalysis(
  workerPath: string,
  secrets: () => readonly string[],
  secretForms: readonly RegExp[] = [],
): Analysis {
  const { nextId, ask, close } = createConversation(workerPath);
  return {
    async open(settings) {
      const session = nextId();
      const opened = await ask<undefined>({ type: 'open', session, settings, secrets: secrets(), secretForms });
      return opened.ok ? succeed(sessionOf(session, ask)) : opened;
    },
    close,
  };
}

interface Conversation {
  nextId(): number;
  ask<T>(body: RequestBody, transfer?: ArrayBuffer[]): Promise<Result<T>>;
  close(): Promise<void>;
}

function sessionOf(session: number, ask: Conversation['ask']): AnalysisSession {
  return {
    ingest(page) {
      // A view on a shared pool cannot be transferred, so it is copied.
      const bytes = page.bytes.byteLength === page.bytes.buffer.byteLength ? page.bytes : page.bytes.slice();
      return ask({ type: 'ingest', session, page: { ...page, bytes } }, [bytes.buffer]);
    },
    look: look => ask({ type: 'look', session, look }),
    setFeedback: entries => ask({ type: 'feedback', session, entries }),
    learn: () => ask({ type: 'learn', session }),
    keep: () => ask({ type: 'keep', session }),
    close: () => {
      void ask({ type: 'close', session });
    },
  };
}

/** The first request starts the worker. */
function createConversation(workerPath: string): Conversation {
  let worker: Worker | undefined;
  let lastId = 0;
  const waiting = new Map<number, (result: Result<unknown>) => void>();

  const nextId = (): number => ++lastId;
  function start(): Worker {
    const started = new Worker(workerPath, { stdout: false, stderr: false, resourceLimits: workerLimits });
    started.unref();
    started.on('message', ({ id, result }: AnalysisReply) => {
      waiting.get(id)?.(result);
      waiting.delete(id);
      unrefWhenIdle(started);
    });
    started.on('error', error =>
      dropAll(`The analysis worker failed: ${error instanceof Error ? error.message : String(error)}`),
    );
    started.on('exit', () => dropAll('The analysis worker ended.'));
    return started;
  }
  function dropAll(message: string): void {
    worker = undefined;
    for (const resolve of waiting.values())
      resolve(fail('bad-answer', message, { hint: 'Verification was inconclusive; retry it.' }));
    waiting.clear();
  }
  /** Pending requests keep the process alive; an idle worker does not. */
  function unrefWhenIdle(one: Worker): void {
    if (waiting.size === 0) one.unref();
  }
  function ask<T>(body: RequestBody, transfer: ArrayBuffer[] = []): Promise<Result<T>> {
    worker ??= start();
    worker.ref();
    const id = nextId();
    return new Promise(resolve => {
      waiting.set(id, resolve as (result: Result<unknown>) => void);
      worker?.postMessage({ ...body, id }, transfer);
    });
  }

  return {
    nextId,
    ask,
    async close() {
      const ending = worker;
      worker = undefined;
      // Without this reference, the process could end before the worker has terminated.
      ending?.removeAllListeners();
      ending?.ref();
      await ending?.terminate();
    },
  };
}
