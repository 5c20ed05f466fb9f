// One repository has one name, whatever address it was cloned from, and no name has a credential in it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  identityIn,
  identityOf,
  normaliseRemote,
  plainLease,
  plainService,
  repositoryIn,
} from '../../../src/model/identity.ts';

test('the addresses of one repository have one name', () => {
  const addresses = [
    'git@git.example:team/Shop.git',
    'git.example:team/Shop',
    'ssh://git@git.example/team/Shop.git',
    'ssh://git@git.example:2222/team/Shop.git',
    'https://git.example/team/Shop',
    'https://git.example:443/team/Shop.git/',
    'https://maria:s3cret@GIT.example/team/Shop.git',
    'https://git.example/team/Shop.git?token=s3cret#main',
    'git://git.example/team/Shop.git',
  ];
  assert.deepEqual([...new Set(addresses.map(normaliseRemote))], ['git.example/team/Shop']);
});

test('two servers on one host are two, and a folder is a remote too', () => {
  const names = {
    'http://localhost:3000/team/shop.git': 'localhost:3000/team/shop',
    'http://localhost:3001/team/shop.git': 'localhost:3001/team/shop',
    '/srv/git/shop.git': '/srv/git/shop',
    'file:///srv/git/shop.git': '/srv/git/shop',
    '../shop': '../shop',
    'C:\\git\\shop.git': 'C:/git/shop',
    '  ': undefined,
  };
  assert.deepEqual(Object.fromEntries(Object.keys(names).map(one => [one, normaliseRemote(one)])), names);
});

test('no credential is part of a name', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9%._~+-]{1,20}$/);
  fc.assert(
    fc.property(word, word, fc.constantFrom('https', 'ssh', 'git+ssh', 'http'), (user, secret, scheme) => {
      const name = normaliseRemote(`${scheme}://${user}:${secret}@git.example/team/shop.git?access_token=${secret}`);
      assert.equal(name, 'git.example/team/shop');
    }),
  );
});

test('an identity is taken apart as it was put together, and people see the plain name', () => {
  const identity = identityIn('shop', 'git.example/team@work/shop');
  assert.deepEqual(
    [plainService(identity), repositoryIn(identity), plainLease(`${identity}/production`)],
    ['shop', 'git.example/team@work/shop', 'shop/production'],
  );
  assert.deepEqual([plainService('shop'), repositoryIn('shop'), plainLease('run 12')], ['shop', undefined, 'run 12']);
  assert.deepEqual([identityOf({ service: 'shop' }), identityOf({ service: 'shop', identity })], ['shop', identity]);
});
