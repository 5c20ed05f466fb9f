// The stage view of a Pipeline's builds (`wfapi`), read from the console: `[Pipeline] { (NAME)` opens a stage, `Input
// requested` waits for a person.
import type { Build, BuildResult } from './builds.ts';

type View = Readonly<Record<string, unknown>>;

const statuses: Readonly<Record<BuildResult, string>> = {
  SUCCESS: 'SUCCESS',
  UNSTABLE: 'UNSTABLE',
  FAILURE: 'FAILED',
  NOT_BUILT: 'NOT_EXECUTED',
  ABORTED: 'ABORTED',
};

export function describeStages(path: string, build: Build, nowMs: number): View {
  const durationMs = build.result === null ? nowMs - build.startedAtMs : build.durationMs;
  const names = [...build.log.matchAll(/^\[Pipeline\] \{ \((.+)\)$/gm)].map(match => match[1]!);
  const status =
    build.result !== null ? statuses[build.result] : isPaused(build) ? 'PAUSED_PENDING_INPUT' : 'IN_PROGRESS';
  const common = {
    startTimeMillis: build.startedAtMs,
    endTimeMillis: build.startedAtMs + durationMs,
    durationMillis: durationMs,
    pauseDurationMillis: 0,
  };
  return {
    _links: {
      self: { href: `${path}/wfapi/describe` },
      ...(isPaused(build) && { pendingInputActions: { href: `${path}/wfapi/pendingInputActions` } }),
    },
    id: String(build.number),
    name: `#${build.number}`,
    status,
    ...common,
    queueDurationMillis: 0,
    stages: names.map((name, index) => ({
      _links: { self: { href: `${path}/execution/node/${index + 1}/wfapi/describe` } },
      id: String(index + 1),
      name,
      execNode: '',
      status: index < names.length - 1 ? 'SUCCESS' : status,
      ...common,
    })),
  };
}

export function describePendingInput(path: string, build: Build): readonly View[] {
  if (!isPaused(build)) return [];
  return [
    {
      id: 'Proceed',
      proceedText: 'Proceed',
      message: 'Proceed?',
      inputs: [],
      proceedUrl: `${path}/wfapi/inputSubmit?inputId=Proceed`,
      abortUrl: `${path}/input/Proceed/abort`,
      redirectApprovalUrl: `${path}/input/`,
    },
  ];
}

function isPaused(build: Build): boolean {
  return build.result === null && build.log.endsWith('Input requested\n');
}
