// Runs one hook detached from the editor, so that it outlives it: collects its output and writes down how it ended.
// Called with the hook's folder. Reads request.json there; writes pid.json (its claim on the hook), child.json,
// output.log and exit.json.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { groupOf, inOwnGroup, processStart, shellCall } from './adapters/platform.ts';
import { createRedactor, type Redactor } from './model/redact.ts';

/** What the hook's caller wants run; its environment is our own, so that no secret lies in a file. */
interface Request {
  readonly command: readonly string[];
  /** The command is one string for the shell. */
  readonly shell: boolean;
  readonly directory: string;
}

/**
 * So much of the output is kept from its beginning, and so much of each stream from its end; what lies between is
 * counted, and the hook is never blocked.
 */
const KEPT_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 64 * 1024;

/**
 * What the hook left in its pipes is there at once; a longer wait is for a background process that holds them open, and
 * may do so for ever.
 */
const DRAIN_MS = 1_000;

/** How long a full disk is waited for, and how often it is looked at. */
const FULL_DISK_MS = 600_000;
const FULL_DISK_POLL_MS = 500;

/** Variables that would steer this process travel under this prefix. */
const CARRIED = 'BACKSTOP_CARRIED_';

const folder = process.argv[2] ?? '.';
const redactor = readRedactor();
if (redactor && claimHook()) superviseHook(redactor);

/**
 * One line on standard input. Without it our caller died before it could say what to redact: nothing is started, and
 * whoever looks next starts anew.
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
  /** How the vendors' keys look. */
  readonly forms: readonly { readonly source: string; readonly flags: string }[];
}

/** Exactly one supervisor may run the hook: the one that creates pid.json. */
function claimHook(): boolean {
  try {
    const claim = {
      pid: process.pid,
      start: processStart(process.pid),
      startedAtMs: Date.now(),
      // The same clock for every process since the machine started, so that whoever follows the hook knows how long it
      // ran, be the time of day set meanwhile.
      startedMonotonicMs: Number(process.hrtime.bigint() / 1_000_000n),
    };
    writeFileSync(join(folder, 'pid.json'), JSON.stringify(claim), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // Half a claim, on a full disk, would look like a hook that ran: it has not, and another supervisor may run it.
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

/** In a process group of its own, so that it can be stopped with all that it started. */
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

/** A machine that shuts down asks us to end: the hook is asked too, and its end is still written down. */
function passSignalsOn(child: ChildProcess): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      try {
        process.kill(groupOf(child.pid!), 'SIGTERM');
      } catch {
        // It has ended already, and its exit is on its way to us.
      }
    });
  }
}

type Stream = 'o' | 'e';

/**
 * output.log is a row of frames, in the order in which they came: `o` (out) or `e` (err), the length in bytes, a line
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
      // A full disk must not stop a deployment half-way: the hook goes on, and exit.json says that output is missing.
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

/** What is written is redacted already: this file stays where it is when everybody who would tidy up is dead. */
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

/** Nobody ever sees half of it. A full disk is waited for: how a hook ended is not known without it. */
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
