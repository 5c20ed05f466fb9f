// Starts a build as Jenkins' remote API does: parameters from a query, a form or a submitted form, and a quiet period.
import type { DemoRequest, DemoResponse } from '../servers/httpServer.ts';
import type { JenkinsJob, JenkinsState } from './builds.ts';
import { page } from './answers.ts';
import type { JenkinsOptions } from './access.ts';

const quietMsByDefault = 100;

export function trigger(
  { user, quietMs }: JenkinsOptions,
  state: JenkinsState,
  request: DemoRequest,
  root: string,
  job: JenkinsJob,
  withParameters: boolean,
): DemoResponse {
  if (job.disabled) return page(409, `${job.name} is not buildable`);
  if (withParameters && job.parameters.length === 0) return page(500, 'This build is not parameterized!');
  const given = fieldsOf(request);
  if (!withParameters && job.parameters.length > 0) {
    const submitted = submittedForm(given.get('json'));
    if (!submitted) return page(400, 'Nothing is submitted');
    for (const [name, value] of submitted) given.set(name, value);
  }
  const parameters = Object.fromEntries(
    job.parameters.map(({ name, defaultValue }) => [name, given.get(name) ?? defaultValue]),
  );
  const delay = /^(\d{1,5})(?:sec)?$/.exec(given.get('delay') ?? '');
  const item = state.trigger(job, parameters, user, delay ? Number(delay[1]) * 1000 : (quietMs ?? quietMsByDefault));
  return { status: 201, headers: { Location: `${root}/queue/item/${item.id}/` }, body: '' };
}

/** Parameters of query and form; the form takes precedence. */
export function fieldsOf(request: DemoRequest): Map<string, string> {
  const fields = new Map(request.query);
  if (request.headers['content-type']?.includes('application/x-www-form-urlencoded'))
    for (const [name, value] of new URLSearchParams(request.body)) fields.set(name, value);
  return fields;
}

/** The `json` field that Jenkins' own form sends: `{"parameter": [{"name", "value"}]}`. */
function submittedForm(text: string | undefined): readonly (readonly [string, string])[] | undefined {
  try {
    const form = JSON.parse(text ?? '') as { parameter?: unknown } | null;
    const list: readonly unknown[] = Array.isArray(form?.parameter) ? form.parameter : [form?.parameter];
    return list.flatMap(one =>
      typeof one === 'object' && one !== null && 'name' in one && 'value' in one
        ? [[String(one.name), String(one.value)] as const]
        : [],
    );
  } catch {
    return undefined;
  }
}
