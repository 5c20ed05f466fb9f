// The e-process: known values, and the promise that looking again and again does not break it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lnEvidenceOfMore, shareOf } from '../../../../src/verify/logs/judge/betaMixture.ts';
import { seeded } from './synthetic.ts';

const close = (value: number, wanted: number): void =>
  assert.ok(Math.abs(value - wanted) < 1e-8 * Math.max(1, Math.abs(wanted)), `${value} is not ${wanted}`);

test('nothing seen is no evidence; the canary alone is; the baseline alone speaks against', () => {
  close(lnEvidenceOfMore(0, 0, 0.2), 0);
  assert.ok(Math.exp(lnEvidenceOfMore(5, 0, 0.2)) > 20);
  assert.ok(lnEvidenceOfMore(0, 20, 0.2) < 0);
  close(shareOf(0.25, 1), 0.2);
});

test('under the null, looking after every event, the threshold of 20 is crossed in at most one case of twenty', () => {
  const random = seeded(11);
  let crossed = 0;
  const runs = 400,
    share = 0.2;
  for (let run = 0; run < runs; run++) {
    for (let canary = 0, baseline = 0; canary + baseline < 150;) {
      if (random() < share) canary++;
      else baseline++;
      if (lnEvidenceOfMore(canary, baseline, share) >= Math.log(20)) {
        crossed++;
        break;
      }
    }
  }
  assert.ok(crossed / runs <= 0.05, `${crossed} of ${runs}`);
});
