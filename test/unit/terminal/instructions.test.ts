// A word to a run from another terminal: checked first, then what became of it is told.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { succeed } from '../../../src/model/failure.ts';
import type { Instruction, RunEvent, RunEventBody } from '../../../src/model/runs/runEvents.ts';
import { backstop } from './fakes.ts';
import type { Session, SessionOptions } from './fakes.ts';
import { heldStory, promotedStory, startMs, waitingStory } from './stories.ts';

const waiting = { id: 'run-12', number: 12, events: waitingStory };

/** The process that runs it takes the word up at once and answers with this event. */
async function tell(
  words: readonly string[],
  events: readonly RunEvent[],
  answer?: (instruction: Instruction) => RunEventBody,
  more: SessionOptions = {},
): Promise<Session & { given: Instruction[] }> {
  const run = { id: 'run-12', number: 12, events: [...events] };
  const given: Instruction[] = [];
  const session = await backstop(words, {
    runs: [waiting],
    ...more,
    over: {
      history: {
        isRunning: () => true,
        guard: () => undefined,
        findRun: (text: string) => (text === '12' ? { id: 'run-12', number: 12, pipeline: 'storefront' } : undefined),
        runs: () => [{ id: 'run-12', number: 12, pipeline: 'storefront' }],
        events: (_id: string, after = -1) => run.events.filter(event => event.seq > after),
      } as never,
      instruct(_runId, instruction) {
        given.push(instruction);
        if (answer) run.events.push({ seq: run.events.length, at: startMs, ...answer(instruction) });
        return Promise.resolve(succeed(undefined));
      },
    },
  });
  return { ...session, given };
}

suite('approve and reject', () => {
  test('answer the open question, with comment and inputs, by the person at the keyboard', async () => {
    const session = await tell(
      ['approve', '12', '--comment', 'Reviewed', '--input', 'ticket=OPS-12'],
      waitingStory,
      answer => ({ type: 'answered', question: 'q1', answer }),
    );
    assert.deepEqual(
      session.given.map(({ at: _at, ...rest }) => rest),
      [
        {
          type: 'approve',
          question: 'q1',
          by: { name: 'maria', via: 'cli' },
          comment: 'Reviewed',
          inputs: { ticket: 'OPS-12' },
        },
      ],
    );
    assert.equal(session.status, 0);
    assert.match(session.out, /^Run #12 accepted it\. It is still waiting for approval by jonas or lena/);
  });

  test('an answer that does not count ends with 1 and says why', async () => {
    const { status, out } = await tell(['approve', '#12'], waitingStory, answer => ({
      type: 'answered',
      question: 'q1',
      answer,
      refused: 'maria is not among the approvers.',
    }));
    assert.deepEqual([status, out], [1, 'Run #12 did not accept this: maria is not among the approvers.\n']);
  });

  test('without a process that runs it the word is kept, and how to go on is told', async () => {
    const { status, out } = await tell(['reject', 'last', '--comment', 'no'], waitingStory);
    assert.equal(status, 0);
    assert.match(
      out,
      /^Saved for run #12, but the run hasn't responded yet\. If its process has ended: backstop resume 12/,
    );
  });

  for (const [what, words, events, says] of [
    ['a run that has ended', ['approve', '12'], promotedStory, /Run #12 has ended: promoted\./],
    [
      'a run that waits for nothing',
      ['approve', '12'],
      waitingStory.slice(0, -1),
      /Run #12 is not waiting for an approval\./,
    ],
    [
      'another stage',
      ['approve', '12', '--stage', 'Legal'],
      waitingStory,
      /is not waiting for an approval of "Legal"\.\n {2}--stage is one of Approval\./,
    ],
    ['an unknown run', ['approve', '99'], waitingStory, /There is no run 99\./],
    ['a run without a canary', ['promote', '12'], waitingStory, /Run #12 has no canary to promote now\./],
  ] as const) {
    test(`refuse ${what}`, async () => {
      const session = await tell(words, events);
      assert.match(session.err, says);
      assert.deepEqual([session.status, session.given], [3, []]);
    });
  }

  test('the person is BACKSTOP_USER', async () => {
    const { given } = await tell(
      ['reject', '12'],
      waitingStory,
      answer => ({ type: 'answered', question: 'q1', answer }),
      { env: { BACKSTOP_USER: 'lena' } },
    );
    assert.equal(given[0]?.by.name, 'lena');
  });
});

suite('promote, hold and cancel', () => {
  const held = heldStory.slice(0, -3);
  for (const word of ['promote', 'hold', 'cancel'] as const) {
    test(`${word} is handed on`, async () => {
      const { given, status, out } = await tell([word, '12'], held, instruction =>
        word === 'cancel'
          ? { type: 'cancel-asked', by: instruction.by }
          : { type: 'decided', stage: 'Production', decision: word, by: instruction.by, reasons: [] },
      );
      assert.deepEqual([given[0]?.type, status], [word, 0]);
      assert.match(out, /^Run #12 accepted it\./);
    });
  }

  test('rollback --run rolls the canary of a running run back', async () => {
    const { given, status } = await tell(['rollback', '--run', '12', '--comment', 'complaints'], held, instruction => ({
      type: 'decided',
      stage: 'Production',
      decision: 'rollback',
      by: instruction.by,
      reasons: [],
    }));
    assert.deepEqual([given[0]?.type, given[0]?.comment, status], ['rollback', 'complaints', 0]);
  });
});
