// Starts the analysis worker when first needed, and talks to it by the messages of model/analysis.ts.
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
 * What is not kept goes soon: pages of lines make much garbage, and a large nursery would only hold it longer. A heap
 * that may grow beyond 2 GB grows to four times what is in use before V8 looks for garbage in it, one that may not to
 * twice as much (MaxGrowingFactor in V8). A verification keeps some fifty megabytes.
 */
export const workerLimits = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 2000 };

/**
 * `workerPath`: the worker's bundle. `secretForms`: how the vendors' keys look. A worker that dies fails what was asked
 * of it; the next session starts a new one.
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
      // A view on a shared pool cannot be transferred alone.
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

/** With a worker that is started by the first question. */
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
  /** A question under way keeps the process alive; an idle worker does not. */
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
      // A worker that nobody waits for would let the process end in the middle of this.
      ending?.removeAllListeners();
      ending?.ref();
      await ending?.terminate();
    },
  };
}
