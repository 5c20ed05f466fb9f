// Reads a service's own metrics endpoint once, in the OpenMetrics text format: to show a person what it offers.
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import { readTextSamples, type Sample } from './text/samples.decode.ts';

const timeoutMs = 5_000,
  maxBytes = 4_000_000;

/** No credential is sent. Fails where the address is no HTTP address, or what it answers has no metric. */
export async function readEndpoint(
  { http, clock }: Pick<Outside, 'http' | 'clock'>,
  address: string,
  signal: AbortSignal,
): Promise<Result<readonly Sample[]>> {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
    return fail('invalid', 'An address of metrics begins with http:// or https:// and contains no user.');
  const answer = await http.request({ method: 'GET', url: url.href, timeoutMs, maxBytes, signal });
  if (!answer.ok) return answer;
  const { status, bytes } = answer.value;
  if (status !== 200) return fail('bad-answer', `${url.host} answered with status ${status}.`);
  const { samples } = readTextSamples(new TextDecoder().decode(bytes), { zone: 'utc', nowMs: clock.now() });
  return samples.length > 0
    ? succeed(samples)
    : fail('bad-answer', `${url.host} answered without a metric in the OpenMetrics text format.`);
}
