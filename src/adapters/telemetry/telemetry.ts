// Sends each finished run to an OpenTelemetry collector. Off unless the standard variables name one. A run never waits
// for it, and a failing collector is reported once.
import { fail, succeed, type Failure, type Result } from '../../model/failure.ts';
import type { History } from '../../model/history.ts';
import type { Http } from '../../model/outside.ts';
import type { Clock } from '../../model/ports.ts';
import type { RunObserver } from '../../model/runs/engine.ts';
import { exportRun } from './runSpans.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export const endpointVariable = 'OTEL_EXPORTER_OTLP_ENDPOINT';

export interface TelemetryOptions {
  readonly env: Environment;
  readonly http: Http;
  readonly history: Pick<History, 'events'>;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Reports something that the user must know. */
  readonly notice: (failure: Failure) => void;
  readonly redact: (text: string) => string;
  /** The failure if nothing may be sent to this address, with how the user can allow it. */
  readonly refuse: (url: string) => Failure | undefined;
}

export interface Telemetry extends RunObserver {
  /** Waits briefly for transfers in progress. */
  close(): Promise<void>;
}

const timeoutMs = 5_000,
  closingMs = 2_000;

/** Undefined if no collector is configured. */
export function createTelemetry(options: TelemetryOptions): Telemetry | undefined {
  const { env, clock, notice } = options;
  const endpoint = env[endpointVariable]?.trim();
  if (!endpoint || env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return undefined;
  const sending = new Set<Promise<void>>();
  let hasFailed = false;
  return {
    onEvent(runId, event) {
      if (event.type !== 'run-finished') return;
      const sent = sendRun(options, endpoint, runId)
        .then(result => {
          if (!result.ok && !hasFailed) notice(result.failure);
          hasFailed ||= !result.ok;
        })
        .catch((error: unknown) => notice(tell(String(error))))
        .finally(() => sending.delete(sent));
      sending.add(sent);
    },
    async close() {
      const over = new AbortController();
      await Promise.race([Promise.all(sending), clock.sleep(closingMs, over.signal)]);
      over.abort();
    },
  };
}

async function sendRun(
  { env, http, history, redact, refuse }: TelemetryOptions,
  endpoint: string,
  runId: string,
): Promise<Result<void>> {
  // Gives way first, because the caller that wrote the last event has other work to do.
  await Promise.resolve();
  const checked = checkEndpoint(env, endpoint, refuse);
  if (!checked.ok) return checked;
  const made = exportRun(runId, history.events(runId), redact);
  if (!made) return succeed(undefined);
  for (const [path, content] of [
    ['traces', made.traces],
    ['metrics', made.metrics],
  ] as const) {
    const answer = await http.request({
      method: 'POST',
      url: `${checked.value}/v1/${path}`,
      headers: { ...headersOf(env), 'Content-Type': 'application/json' },
      body: JSON.stringify(content),
      timeoutMs,
      maxBytes: 64 * 1024,
    });
    if (!answer.ok) return { ok: false, failure: tell(answer.failure.message) };
    const { status } = answer.value;
    if (status < 200 || status > 299)
      return { ok: false, failure: tell(`${new URL(checked.value).origin} answered with status ${status}.`) };
  }
  return succeed(undefined);
}

function checkEndpoint(env: Environment, endpoint: string, refuse: TelemetryOptions['refuse']): Result<string> {
  const protocol = env['OTEL_EXPORTER_OTLP_PROTOCOL'];
  if (protocol === 'grpc')
    return fail('invalid', 'Runs are not sent to the collector: OTEL_EXPORTER_OTLP_PROTOCOL is grpc.', {
      hint: 'Backstop sends OTLP over HTTP as JSON (http/json), usually to port 4318.',
    });
  if (!/^https?:\/\//i.test(endpoint) || !URL.canParse(endpoint))
    return fail('invalid', `Runs are not sent to the collector: ${endpointVariable} is no http or https URL.`);
  const url = endpoint.replace(/\/+$/, '');
  const refused = refuse(url);
  return refused
    ? fail('refused', `Runs are not sent to ${new URL(url).origin}: nobody has allowed this collector yet.`, {
        ...(refused.hint !== undefined && { hint: refused.hint }),
      })
    : succeed(url);
}

function tell(why: string): Failure {
  return {
    kind: 'unreachable',
    message: `Runs are not sent to the collector: ${why}`,
    hint: `Correct ${endpointVariable}, or unset it. The runs are not affected.`,
  };
}

/** `name=value,name=value`, with percent-encoded values. */
function headersOf(env: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(headerPairs(env));
}

/** The values of headers may be keys. */
export function collectorSecrets(env: Environment): readonly string[] {
  return headerPairs(env).map(([, value]) => value);
}

function headerPairs(env: Environment): readonly (readonly [name: string, value: string])[] {
  return (env['OTEL_EXPORTER_OTLP_HEADERS'] ?? '').split(',').flatMap(pair => {
    const [name = '', ...rest] = pair.split('=');
    const value = decode(rest.join('=').trim());
    return /^[\w!#$%&'*+.^`|~-]+$/.test(name.trim()) && value !== '' ? [[name.trim(), value] as const] : [];
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
