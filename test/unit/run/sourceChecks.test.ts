// Before the first stage: a name that does not resolve stops the run before it begins, one that could not be asked for
// is noted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createEngine } from '../../../src/engine.ts';
import { fail } from '../../../src/model/failure.ts';
import type { SourceCheckRequest } from '../../../src/model/ports.ts';
import type { SourceCheck, SourceProblem } from '../../../src/model/evidence/sourceCheck.ts';
import { createWorld, maria } from './worldFixture.ts';
import { deployStage, pipelineOf } from './worldPipeline.ts';

const problem = (kind: SourceProblem['kind'], text: string): SourceProblem => ({
  kind,
  failure: fail(kind === 'unknown' ? 'timeout' : 'not-found', text, { hint: 'Look.' }).failure,
});
const checkOf = (...problems: readonly SourceProblem[]): SourceCheck => ({
  kind: 'logs',
  name: 'quality',
  connection: 'sumo',
  url: 'https://sumo.example',
  tookMs: 1,
  queries: [],
  nodes: [],
  sampleLines: [],
  samplePoints: [],
  problems,
});

async function start(
  context: TestContext,
  look: (request: SourceCheckRequest, signal: AbortSignal) => Promise<SourceCheck>,
) {
  const world = createWorld(context);
  const engine = createEngine({
    ...world.ports,
    sourceChecks: {
      check: async (request, onCheck, signal) => {
        const found = await look(request, signal);
        onCheck(found);
        return [found];
      },
    },
  });
  const pipeline = pipelineOf(deployStage);
  const started = await world.clock.drive(
    engine.start({ pipeline: { ...pipeline, artifact: { kind: 'version' } }, inputs: {}, version: '2.0', by: maria }),
  );
  if (started.ok) await world.clock.drive(started.value.done);
  return { world, started, events: started.ok ? world.history.events(started.value.runId) : [] };
}

test('what does not resolve is named, all of it, and nothing is started or recorded', async context => {
  const { world, started } = await start(context, () =>
    Promise.resolve(
      checkOf(
        problem('missing', 'Node web-9 is unknown.'),
        problem('unknown', 'No answer.'),
        problem('missing', 'Job x is unknown.'),
      ),
    ),
  );
  assert.ok(!started.ok);
  assert.deepEqual(started.failure, {
    kind: 'not-found',
    message: 'Nothing was deployed. Node web-9 is unknown.',
    cause: 'Job x is unknown.',
    hint: `Look. See: backstop check-sources ${pipelineOf(deployStage).name}`,
  });
  assert.deepEqual([world.started, world.history.runs({ limit: 5 })], [[], []]);
});

test('who could not be asked does not stop a run: it is noted in it', async context => {
  const { started, events } = await start(context, () =>
    Promise.resolve(checkOf(problem('unknown', 'No answer.'), problem('notice', 'By the way.'))),
  );
  assert.ok(started.ok);
  assert.deepEqual(
    events.flatMap(event => (event.type === 'noted' ? [event.failure.message] : [])),
    ['No answer.'],
  );
  assert.equal(events.at(-1)?.type, 'run-finished');
});

test(
  'the look ends within a bounded time, ' + 'whoever does not answer, and knows which environments are new',
  async context => {
    let isNew: readonly boolean[] = [];
    const { world, started } = await start(context, async (request, signal) => {
      isNew = [request.isNew('production'), request.isNew('nowhere'), request.isNew('production', 'added-since')];
      await new Promise(resolve => {
        signal.addEventListener('abort', resolve);
      });
      return checkOf(problem('unknown', 'No answer in time.'));
    });
    assert.ok(started.ok);
    assert.deepEqual(isNew, [false, true, true]);
    assert.ok(world.history.runs({ limit: 1 })[0]!.startedAtMs > 0);
  },
);
