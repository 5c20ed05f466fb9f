// A credential goes to a host only where a vendor, this machine or a person says so; a repository alone decides
// nothing.
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { environmentCredentials } from '../../../../src/vendors/transport/credentials.ts';
import { vendorDomains } from '../../../../src/vendors/definitions.ts';
import { bindCredentials, createHostRules, guardHttp } from '../../../../src/vendors/transport/hostRules.ts';
import type { Pipeline } from '../../../../src/model/pipeline.ts';
import { temporaryFolder } from '../../adapters/store/historyFixture.ts';

const refusedLocal = /was not asked: addresses of the machine's own network/,
  refusedPlain = /was not sent to .*: anyone on the network could read it/,
  refusedHost = /was not sent to .*: a pipeline names this host, and nobody has allowed it yet/;

const addresses: readonly (readonly [url: string, withCredential: RegExp | undefined, without: RegExp | undefined])[] =
  [
    ['https://api.newrelic.com/graphql', undefined, undefined],
    ['https://api.eu.newrelic.com/graphql', undefined, undefined],
    ['https://api.eu.sumologic.com/api', undefined, undefined],
    ['https://api.newrelic.com.evil.example/graphql', refusedHost, undefined],
    ['https://evilsumologic.com/api', refusedHost, undefined],
    ['http://api.newrelic.com/graphql', refusedPlain, undefined],
    ['http://127.0.0.1:8080/', undefined, undefined],
    ['http://localhost:8080/', undefined, undefined],
    ['http://[::1]:8080/', undefined, undefined],
    ['http://localhost.evil.example/', refusedPlain, undefined],
    ['https://ci.example.com/', refusedHost, undefined],
    ['http://ci.example.com/', refusedPlain, undefined],
    ['http://169.254.169.254/latest/meta-data', refusedLocal, refusedLocal],
    ['https://169.254.1.2/', refusedLocal, refusedLocal],
    ['http://2852039166/', refusedLocal, refusedLocal],
    ['http://0xA9FEA9FE/', refusedLocal, refusedLocal],
    ['http://[fe80::1]/', refusedLocal, refusedLocal],
    ['http://[::ffff:169.254.169.254]/', refusedLocal, refusedLocal],
    ['http://metadata.google.internal/', refusedLocal, refusedLocal],
    ['http://[fd00:ec2::254]/', refusedLocal, refusedLocal],
    ['http://100.100.100.200/', refusedLocal, refusedLocal],
  ];

test('where a credential may go by itself', context => {
  const rules = createHostRules(join(temporaryFolder(context), 'allowed-hosts.json'), [], vendorDomains);
  for (const [url, withCredential, without] of addresses)
    for (const [refused, expected] of [
      [rules.refuse(url, 'ci'), withCredential],
      [rules.refuse(url), without],
    ] as const) {
      if (expected) assert.match(refused?.message ?? `nothing of ${url}`, expected);
      else assert.equal(refused, undefined, url);
    }
});

test('what a person allows is allowed for that credential and host alone, and remembered', context => {
  const file = join(temporaryFolder(context), 'home', 'allowed-hosts.json');
  const rules = createHostRules(file);
  rules.allow({ credential: 'ci', host: 'ci.example.com:8443' });
  rules.allow({ credential: 'ci', host: 'http://old.example.com' });
  const again = createHostRules(file);
  const refused = (url: string, credential: string): boolean => again.refuse(url, credential) !== undefined;
  assert.deepEqual(
    [
      refused('https://ci.example.com:8443/job', 'ci'),
      refused('https://ci.example.com:8443/job', 'other'),
      refused('https://ci.example.com/job', 'ci'),
      refused('http://ci.example.com:8443/job', 'ci'),
      refused('http://old.example.com/job', 'ci'),
      refused('https://old.example.com/job', 'ci'),
    ],
    [false, true, true, true, false, true],
  );
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { ci: ['ci.example.com:8443', 'http://old.example.com'] });
});

test('--allow-host is for every credential, and only for this process; the refusal names it', context => {
  const file = join(temporaryFolder(context), 'allowed-hosts.json');
  assert.match(
    createHostRules(file).refuse('http://ci.example.com:8080/x', 'ci')!.hint!,
    /--allow-host http:\/\/ci\.example\.com:8080, or for ever with \{ "ci": \["http:\/\/ci\.example\.com:8080"\] \} in /,
  );
  assert.equal(
    createHostRules(file, ['http://ci.example.com:8080']).refuse('http://ci.example.com:8080/x', 'ci'),
    undefined,
  );
  assert.equal(createHostRules(file, ['http://169.254.169.254']).refuse('http://169.254.169.254/', 'ci'), undefined);
});

test('a file of the user that is no list of hosts allows nothing', context => {
  const file = join(temporaryFolder(context), 'allowed-hosts.json');
  for (const text of ['', '[]', 'null', '{"ci":"ci.example.com"}', '{"__proto__":["ci.example.com"]}']) {
    writeFileSync(file, text);
    assert.match(createHostRules(file).refuse('https://ci.example.com', 'ci')!.message, refusedHost);
  }
});

test(
  'a credential is not even read for a host that is not allowed, ' +
    'and no request leaves for an address that is refused',
  async context => {
    const rules = createHostRules(join(temporaryFolder(context), 'allowed-hosts.json'), [], vendorDomains);
    const bound = bindCredentials(environmentCredentials({ BACKSTOP_CREDENTIAL_CI: 'user:token' }), rules);
    const [refused, given, local] = [
      bound.get('ci', 'https://evil.example'),
      bound.get('ci', 'https://localhost'),
      bound.get('ci'),
    ];
    assert(!refused.ok && refused.failure.kind === 'refused');
    assert.deepEqual(
      [given, local],
      [
        { ok: true, value: 'user:token' },
        { ok: true, value: 'user:token' },
      ],
    );
    const http = guardHttp({ request: () => assert.fail('it was sent') }, rules);
    const answer = await http.request({ method: 'GET', url: 'http://169.254.169.254/', timeoutMs: 1 });
    assert(!answer.ok && !answer.sent);
  },
);

test('what a pipeline would send where is asked once for each credential and host', context => {
  const rules = createHostRules(join(temporaryFolder(context), 'allowed-hosts.json'), [], vendorDomains);
  const hook = (url: string) => ({ kind: 'http', credential: 'deploy', url });
  const pipeline = {
    connections: {
      a: { vendor: 'jenkins', url: 'https://ci.example.com/a', credential: 'ci' },
      b: { vendor: 'jenkins', url: 'https://ci.example.com/b', credential: 'ci' },
      c: { vendor: 'newRelic', url: 'https://api.newrelic.com/graphql', credential: 'nr' },
      open: { vendor: 'jenkins', url: 'http://metrics.example.com' },
    },
    hooks: { d: hook('http://deploy.example.com/x'), e: hook('https://${BACKSTOP_NODES}/x') },
  } as unknown as Pipeline;
  assert.deepEqual(rules.unbound(pipeline), [
    { credential: 'ci', host: 'ci.example.com' },
    { credential: 'deploy', host: 'http://deploy.example.com' },
  ]);
  for (const use of rules.unbound(pipeline)) rules.allow(use);
  assert.deepEqual(rules.unbound(pipeline), []);
});
