// What is said of a job before anything is deployed: that it is none, and that a page came instead of its data.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Fault } from '../../../src/demo/faults/fault.ts';
import type { HttpResult } from '../../../src/model/outside.ts';
import { createJobCheck } from '../../../src/vendors/jenkins/checkJob.ts';
import { jenkinsStage } from './stage.ts';

/** `instead`: what Jenkins answers to everything. */
async function check(context: TestContext, parameters: readonly string[] | undefined, instead?: object, fault?: Fault) {
  const stage = await jenkinsStage(context, 'in process');
  if (fault) stage.vendors.fail(fault);
  const bytes = new TextEncoder().encode(JSON.stringify(instead));
  const http = {
    request: () => Promise.resolve<HttpResult>({ ok: true, value: { status: 200, headers: {}, cookies: [], bytes } }),
  };
  const deps = instead === undefined ? stage.vendors : { ...stage.vendors, http };
  const question = { connection: stage.connection, job: 'deploy', ...(parameters && { parameters }) };
  return stage.vendors.clock.drive(createJobCheck(deps)(question, new AbortController().signal));
}

test('a folder or a job of several branches is no job, whether it is started or only read', async context => {
  for (const parameters of [['VERSION'], undefined]) {
    const problems = await check(context, parameters, {
      _class: 'com.cloudbees.hudson.plugins.folder.Folder',
      property: [],
    });
    assert.deepEqual(
      problems.map(({ kind }) => kind),
      ['missing'],
    );
    assert.match(problems[0]!.failure.message, /^Jenkins has "deploy" as a folder or with several branches/);
    assert.match(problems[0]!.failure.hint ?? '', /Name a job in it/);
  }
});

test('a sign-in page with HTTP 200 is called a web page, with what to check', async context => {
  const [problem] = await check(context, ['VERSION'], undefined, { kind: 'page' });
  assert.match(problem!.failure.message, /^Jenkins job "deploy": a web page came instead of data\.$/);
  assert.match(problem!.failure.hint ?? '', /sign-in page/);
});
