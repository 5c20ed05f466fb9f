// All servers of the demo together: their addresses and credentials fit, and five minutes of history are there from the
// first request on.
import assert from 'node:assert/strict';
import test from 'node:test';
import { startProgram } from '../../../src/demo/servers/childProgram.ts';
import { startDemoServers } from '../../../src/demo/servers/servers.ts';

test('the servers answer with the credentials that they name, about the last five minutes', async () => {
  const { servers, close } = await startDemoServers('healthy', 2);
  try {
    const { newRelic, sumoLogic, jenkins, fleet } = servers;
    for (const url of [newRelic.url, jenkins.url, fleet.url]) assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.match(sumoLogic.endpoint, /^http:\/\/127\.0\.0\.1:\d+\/api$/);

    const nrql =
      "SELECT count(*) FROM Transaction WHERE appName = 'storefront' SINCE 10 minutes ago FACET host LIMIT MAX";
    const answer = await fetch(`${newRelic.url}/graphql`, {
      method: 'POST',
      headers: { 'Api-Key': newRelic.apiKey, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        query: 'query($id: Int!, $nrql: Nrql!) { actor { account(id: $id) { nrql(query: $nrql) { results } } } }',
        variables: { id: newRelic.accountId, nrql },
      }),
    });
    const { data } = (await answer.json()) as {
      data: { actor: { account: { nrql: { results: { host: string; count: number }[] } } } };
    };
    const counts = data.actor.account.nrql.results.map(row => row.count);
    assert.equal(counts.length, 10);
    for (const count of counts) assert.ok(count > 8 * 290 && count < 12 * 310, `${count} transactions of a node`);

    const basic = (user: string, password: string) => ({
      Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    });
    const search = await fetch(`${sumoLogic.endpoint}/v1/search/jobs`, {
      method: 'POST',
      headers: {
        ...basic(sumoLogic.accessId, sumoLogic.accessKey),
        'Content-Type': 'application/json',
        Accept: 'application/json',
      },
      body: JSON.stringify({
        query: '_sourceCategory=prod/storefront',
        from: Date.now() - 60_000,
        to: Date.now(),
        timeZone: 'UTC',
      }),
    });
    assert.equal(search.status, 202);
    const job = await fetch(`${jenkins.url}/job/${jenkins.job}/api/json`, {
      headers: basic(jenkins.user, jenkins.token),
    });
    assert.equal(job.status, 200);
    assert.equal(((await (await fetch(`${fleet.url}/nodes`)).json()) as unknown[]).length, 10);
  } finally {
    await close();
  }
});

test('a program is read line by line, and its status and complaint are told', async () => {
  const seen: string[] = [];
  const program = startProgram(
    process.execPath,
    ['-e', 'console.log("one\\ntwo"); console.error("broken"); process.exitCode = 4'],
    { directory: '.', environment: process.env, onLine: line => seen.push(line) },
  );
  assert.deepEqual(await program.done, { status: 4, lines: ['one', 'two'], complaint: 'broken' });
  assert.deepEqual(seen, ['one', 'two']);
  const endless = startProgram(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], {
    directory: '.',
    environment: process.env,
    onLine: () => endless.end(),
  });
  assert.equal((await endless.done).status, null);
});
