// Asks a server what it knows of a service, before there is a pipeline: series whose labels name it, with their values.
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import { listMember, member, parseJson } from '../transport/decode/json.decode.ts';
import { listed } from '../transport/text/listed.ts';
import type { Discovered, DiscoverQuestion, DiscoveredSeries } from '../vendor.ts';

/** Labels that usually have the name of a service, in the order in which they are tried. */
const serviceLabels = ['job', 'app', 'service', 'service_name', 'container'];
/** Parts of the names that are worth a check; a service may have thousands of others. */
const telling = '.*(request|error|fail|exception|duration|latency|seconds|queue|flight|connection|resident).*';
const timeoutMs = 5_000,
  maxBytes = 8_000_000;

type Deps = Pick<Outside, 'http'>;

/** No credential is sent. Fails where the server has no series of the service. */
export async function discoverPrometheus(
  deps: Deps,
  { url, service }: DiscoverQuestion,
  signal: AbortSignal,
): Promise<Result<Discovered>> {
  for (const label of serviceLabels) {
    const where = `${label}="${service}"`;
    const answer = await ask(
      deps,
      url,
      `query?query=${encodeURIComponent(`{${where},__name__=~"${telling}"}`)}`,
      signal,
    );
    if (!answer.ok) return answer;
    const series = listMember(member(answer.value, 'data'), 'result').flatMap(seriesOf);
    if (series.length > 0) return succeed({ where, series });
  }
  const known = await ask(deps, url, 'label/job/values', signal);
  const jobs = known.ok ? listMember(known.value, 'data').filter(value => typeof value === 'string') : [];
  return fail('not-found', `No series there has a label ${serviceLabels.join(', ')} that is "${service}".`, {
    hint: jobs.length === 0 ? 'Change `where` in the pipeline file.' : `The label job has ${listed(jobs)}.`,
  });
}

async function ask(deps: Deps, base: string, path: string, signal: AbortSignal): Promise<Result<unknown>> {
  const url = `${base.replace(/\/+$/, '')}/api/v1/${path}`;
  const answer = await deps.http.request({ method: 'GET', url, timeoutMs, maxBytes, signal });
  if (!answer.ok) return answer;
  const { status, bytes } = answer.value;
  if (status === 401 || status === 403)
    return fail('unauthorized', `${new URL(base).host} asks for a credential, so it was not asked what it has.`, {
      hint: 'Name the credential in the connection, then see backstop check-sources.',
    });
  if (status !== 200) return fail('bad-answer', `${new URL(base).host} answered with status ${status}.`);
  return parseJson(bytes, new URL(base).host);
}

function seriesOf(one: unknown): readonly DiscoveredSeries[] {
  const labels = new Map(
    Object.entries((member(one, 'metric') ?? {}) as object).filter(([, value]) => typeof value === 'string'),
  ) as Map<string, string>;
  const name = labels.get('__name__');
  labels.delete('__name__');
  const value = Number(listMember(one, 'value')[1]);
  return name === undefined || !/^[A-Za-z_:][\w:]*$/.test(name) || Number.isNaN(value) ? [] : [{ name, labels, value }];
}
