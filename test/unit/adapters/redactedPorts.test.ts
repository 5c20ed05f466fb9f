// Whatever server quotes whatever secret of ours in its refusal: nobody is shown it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  redactArtifacts,
  redactHealthSources,
  redactHook,
  redactMarkers,
  redactSourceChecks,
} from '../../../src/adapters/redactedPorts.ts';
import type { Failure } from '../../../src/model/failure.ts';
import type { HealthSources } from '../../../src/model/ports.ts';
import { createRedactor } from '../../../src/model/redact.ts';

const secrets = ['suAbCdEf123456:theKeyOfSumoLogic99', 'NRAK-ANOTHERVENDORSKEY'];
const failure: Failure = {
  kind: 'invalid',
  message: `Sumo Logic refused the query (${secrets[0]}).`,
  cause: `it saw ${secrets[1]}`,
  hint: `not ${Buffer.from(secrets[0]!).toString('base64')}`,
};
const refused = { ok: false as const, failure };
const answer = (): Promise<never> => Promise.resolve(refused as never);
const none = undefined as never;

test('the failure of every port is redacted of every secret that is known', async () => {
  const redact = createRedactor(secrets);
  const check = { problems: [{ kind: 'missing', failure }], sampleLines: [{ text: secrets[1] }] };
  const told: unknown[] = [];
  const answers = [
    await redactHealthSources<HealthSources>({ read: answer, describe: () => [] }, redact).read(none, none, none),
    await redactMarkers({ place: answer, check: answer }, redact).place(none, none),
    await redactMarkers({ place: answer, check: answer }, redact).check(none, none),
    await redactArtifacts({ list: answer }, redact).list(none, none, none, none),
    await redactHook(() => Promise.resolve({ kind: 'failed', durationMs: 1, failure }), redact)(none, none),
    await redactHook(() => Promise.resolve({ kind: 'succeeded', durationMs: 1, detail: secrets[0]! }), redact)(
      none,
      none,
    ),
    await redactSourceChecks(
      {
        check(_, onCheck) {
          onCheck(check as never);
          return Promise.resolve([check as never]);
        },
      },
      redact,
    ).check(none, one => void told.push(one), none),
    told,
  ];
  for (const one of answers) {
    const text = JSON.stringify(one);
    assert.match(text, /\[redacted\]/);
    for (const secret of ['theKeyOfSumoLogic99', secrets[1]!, Buffer.from(secrets[0]!).toString('base64')])
      assert.equal(text.includes(secret), false, text);
  }
});
