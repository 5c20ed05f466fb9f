// Runs one hook detached from the editor, so that the hook outlives it; collects its output and records how it ended.
// Its argument is the folder of the hook. It reads request.json there, and writes pid.json (its claim on the hook),
// child.json, output.log and exit.json.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { groupOf, inOwnGroup, processStart, shellCall } from './adapters/platform.ts';
import { createRedactor, type Redactor } from './model/redact.ts';

/** What to run. Its environment is that of this process, so that no secret is in a file. */
interface Request {
  readonly command: readonly string[];
  /** The command is one string for the shell. */
  readonly shell: boolean;
  readonly directory: string;
}

/**
 * This much output is kept from the beginning, and this much of each stream from the end. What is between is only
 * counted, and the hook is never blocked.
 */
const KEPT_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 64 * 1024;

/**
 * Output left in the pipes is available immediately. Any longer wait is for a background process that keeps them open,
 * possibly for ever.
 */
const DRAIN_MS = 1_000;

/** How long to wait for space on a full disk, and how often to check. */
const FULL_DISK_MS = 600_000;
const FULL_DISK_POLL_MS = 500;

/** The prefix of variables that would otherwise affect this process. */
const CARRIED = 'BACKSTOP_CARRIED_';

const folder = process.argv[2] ?? '.';
const redactor = readRedactor();
if (redactor && claimHook()) superviseHook(redactor);

/**
 * One line on standard input. If it is missing, our caller died before it could say what to redact: nothing is started,
 * and the next process starts the hook again.
 */
function readRedactor(): Redactor | undefined {
  const text = readFileSync(0, 'utf8');
  if (!text.endsWith('\n')) return undefined;
  const { secrets, forms } = JSON.parse(text) as ToRedact;
  return createRedactor(
    secrets,
    forms.map(({ source, flags }) => new RegExp(source, flags)),
  );
}

interface ToRedact {
  readonly secrets: readonly string[];
  /** Patterns of the vendors' keys. */
  readonly forms: readonly { readonly source: string; readonly flags: string }[];
}

/** Exactly one supervisor may run the hook: the one that creates pid.json. */
function claimHook(): boolean {
  try {
    const claim = {
      pid: process.pid,
      start: processStart(process.pid),
      startedAtMs: Date.now(),
      // The monotonic clock is the same for all processes since the machine started. The engine thus knows how long the
      // hook ran, even if the time of day is set.
      startedMonotonicMs: Number(process.hrtime.bigint() / 1_000_000n),
    };
    writeFileSync(join(folder, 'pid.json'), JSON.stringify(claim), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // On a full disk the claim may be incomplete. The hook has not run then, so another supervisor may run it.
    rmSync(join(folder, 'pid.json'), { force: true });
    throw error;
  }
}

function superviseHook(redact: Redactor): void {
  const startedAtMs = Date.now();
  const output = openOutput(redact);
  const finish = (end: {
    exitCode: number | null;
    signal: string | null;
    error?: { code: string; message: string };
  }): never => {
    const lost = output.close();
    writeWhole('exit.json', { ...end, startedAtMs, endedAtMs: Date.now(), ...(lost && { outputLost: lost }) });
    process.exit(0);
  };
  const refuse = (error: NodeJS.ErrnoException): never =>
    finish({ exitCode: null, signal: null, error: { code: error.code ?? 'UNKNOWN', message: error.message } });
  try {
    const child = startHook(JSON.parse(readFileSync(join(folder, 'request.json'), 'utf8')) as Request);
    child.once('error', refuse);
    child.once('spawn', () => child.removeListener('error', refuse).on('error', () => {}));
    child.stdout!.on('data', (chunk: Buffer) => output.write('o', chunk));
    child.stderr!.on('data', (chunk: Buffer) => output.write('e', chunk));
    child.once('exit', (exitCode, signal) => {
      child.once('close', () => finish({ exitCode, signal }));
      setTimeout(() => finish({ exitCode, signal }), DRAIN_MS);
    });
    if (child.pid !== undefined) writeWhole('child.json', { pid: child.pid, start: processStart(child.pid) });
    passSignalsOn(child);
  } catch (error) {
    refuse(error as NodeJS.ErrnoException);
  }
}

/** Starts the hook in its own process group, so that it can be stopped together with everything it started. */
function startHook({ command, shell, directory }: Request): ChildProcess {
  const [program = '', ...words] = command;
  const { file, args, windowsVerbatimArguments } = shell
    ? shellCall(command.join(' '), process.env)
    : { file: program, args: words, windowsVerbatimArguments: false };
  return spawn(file, args, {
    cwd: directory,
    env: hookEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...inOwnGroup(),
    windowsVerbatimArguments,
  });
}

function hookEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => name !== 'ELECTRON_RUN_AS_NODE');
  return Object.fromEntries(
    own.map(([name, value]) => [name.startsWith(CARRIED) ? name.slice(CARRIED.length) : name, value]),
  );
}

/** Passes a shutdown of the machine on to the hook, whose end is still recorded. */
function passSignalsOn(child: ChildProcess): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      try {
        process.kill(groupOf(child.pid!), 'SIGTERM');
      } catch {
        // The hook has already ended, and its exit event follows.
      }
    });
  }
}

type Stream = 'o' | 'e';

/**
 * output.log is a sequence of frames in order of arrival: `o` (stdout) or `e` (stderr), the length in bytes, a line
 * feed, the bytes.
 */
function openOutput(redact: Redactor): { write(stream: Stream, chunk: Buffer): void; close(): string | undefined } {
  const file = openSync(join(folder, 'output.log'), 'a', 0o600);
  const tails = { o: createTail(), e: createTail() };
  const texts = { o: redactBytes(redact), e: redactBytes(redact) };
  let kept = 0;
  let isFull = false;
  let lost: string | undefined;
  const append = (mark: Stream, bytes: Buffer): void => {
    if (lost) return;
    try {
      const frame = Buffer.concat([Buffer.from(`${mark} ${bytes.length}\n`), bytes]);
      for (let done = 0; done < frame.length;) done += writeSync(file, frame, done);
    } catch (error) {
      // A full disk must not stop a deployment halfway. The hook continues, and exit.json says that output is missing.
      lost = String(error);
    }
  };
  const take = (stream: Stream, redacted: Buffer): void => {
    if (redacted.length === 0) return;
    kept += redacted.length;
    isFull ||= kept > KEPT_BYTES;
    if (isFull) return tails[stream].push(redacted);
    append(stream, redacted);
  };
  return {
    write: (stream, chunk) => take(stream, texts[stream].push(chunk)),
    close() {
      for (const stream of ['o', 'e'] as const) take(stream, texts[stream].end());
      const dropped = tails.o.dropped() + tails.e.dropped();
      if (dropped > 0) append('e', Buffer.from(`\n[${dropped} bytes of output were not kept here]\n`));
      for (const stream of ['o', 'e'] as const)
        if (tails[stream].bytes().length > 0) append(stream, tails[stream].bytes());
      closeSync(file);
      return lost;
    },
  };
}

/** The output is written redacted, because the file may remain if all processes that would clean it up have died. */
function redactBytes(redact: Redactor): { push(chunk: Buffer): Buffer; end(): Buffer } {
  const decoder = new TextDecoder();
  const stream = redact.stream();
  return {
    push: chunk => Buffer.from(stream.push(decoder.decode(chunk, { stream: true }))),
    end: () => Buffer.from(stream.push(decoder.decode()) + stream.end()),
  };
}

function createTail(): { push(chunk: Buffer): void; bytes(): Buffer; dropped(): number } {
  let chunks: Buffer[] = [];
  let total = 0;
  let held = 0;
  return {
    push(chunk) {
      chunks.push(chunk);
      total += chunk.length;
      held += chunk.length;
      while (held - chunks[0]!.length >= TAIL_BYTES) held -= chunks.shift()!.length;
    },
    bytes() {
      chunks = [Buffer.concat(chunks)];
      return chunks[0]!;
    },
    dropped: () => total - held,
  };
}

/** Written atomically. Waits for space on a full disk, because the outcome of the hook would otherwise be lost. */
function writeWhole(name: string, content: object): void {
  const temporary = join(folder, `${name}.tmp`);
  for (let waitedMs = 0; ; waitedMs += FULL_DISK_POLL_MS) {
    try {
      writeFileSync(temporary, JSON.stringify(content), { mode: 0o600 });
      renameSync(temporary, join(folder, name));
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if ((code !== 'ENOSPC' && code !== 'EDQUOT') || waitedMs >= FULL_DISK_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_DISK_POLL_MS);
    }
  }
}
