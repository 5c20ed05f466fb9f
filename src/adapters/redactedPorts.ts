// Failures quote what servers say. These ports remove every secret that this process knows from them, not only the one
// that was sent.
import type { Failure, Result } from '../model/failure.ts';
import type { Artifacts, HealthSources, HookRequest, Markers, SourceChecks } from '../model/ports.ts';
import type { SourceCheck } from '../model/evidence/sourceCheck.ts';
import type { NodeLists } from '../model/runs/nodeList.ts';
import type { RunHook } from '../model/outside.ts';

type Redact = (text: string) => string;

export function redactFailure(failure: Failure, redact: Redact): Failure {
  return {
    ...failure,
    message: redact(failure.message),
    ...(failure.cause !== undefined && { cause: redact(failure.cause) }),
    ...(failure.hint !== undefined && { hint: redact(failure.hint) }),
  };
}

function redactResult<T>(result: Result<T>, redact: Redact): Result<T> {
  return result.ok ? result : { ok: false, failure: redactFailure(result.failure, redact) };
}

export function redactHealthSources<Sources extends HealthSources>(sources: Sources, redact: Redact): Sources {
  return { ...sources, read: async (...asked) => redactResult(await sources.read(...asked), redact) };
}

export function redactMarkers(markers: Markers, redact: Redact): Markers {
  return {
    place: async (...asked) => redactResult(await markers.place(...asked), redact),
    check: async (...asked) => redactResult(await markers.check(...asked), redact),
  };
}

export function redactNodeLists(lists: NodeLists, redact: Redact): NodeLists {
  return { list: async (...asked) => redactResult(await lists.list(...asked), redact) };
}

export function redactArtifacts(artifacts: Artifacts, redact: Redact): Artifacts {
  const { commits } = artifacts;
  return {
    list: async (...asked) => redactResult(await artifacts.list(...asked), redact),
    ...(commits && { commits: async (...asked) => redactResult(await commits(...asked), redact) }),
  };
}

export function redactSourceChecks(checks: SourceChecks, redact: Redact): SourceChecks {
  const clean = (check: SourceCheck): SourceCheck => ({
    ...check,
    problems: check.problems.map(({ kind, failure }) => ({ kind, failure: redactFailure(failure, redact) })),
    sampleLines: check.sampleLines.map(line => ({ ...line, text: redact(line.text) })),
  });
  return {
    check: async (request, onCheck, signal) =>
      (await checks.check(request, check => onCheck(clean(check)), signal)).map(clean),
  };
}

export function redactHook(run: RunHook, redact: Redact): RunHook {
  return async (request, signal) => {
    const onOutput: HookRequest['onOutput'] = (stream, text) => request.onOutput(stream, redact(text));
    const outcome = await run({ ...request, onOutput }, signal);
    if (outcome.kind === 'failed') return { ...outcome, failure: redactFailure(outcome.failure, redact) };
    return outcome.detail === undefined ? outcome : { ...outcome, detail: redact(outcome.detail) };
  };
}
