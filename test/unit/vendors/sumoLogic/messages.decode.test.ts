// From a page of Sumo Logic messages to log lines; what is no use is left out but counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeSumoMessages } from '../../../../src/vendors/sumoLogic/messages.decode.ts';

const decode = (page: unknown) =>
  decodeSumoMessages(new TextEncoder().encode(typeof page === 'string' ? page : JSON.stringify(page)), {
    nodeAttribute: '_sourceHost',
  });

test('time, node, text and id come from the map, whose keys are in lower case', () => {
  const map = {
    _messagetime: '1700000000123',
    _sourcehost: 'n1',
    _raw: 'ERROR x\n\tat y',
    _messageid: '-9',
    _blockid: '-7',
    _size: '12',
  };
  assert.deepEqual(decode({ fields: [], messages: [{ map }] }), {
    ok: true,
    value: { rows: 1, lines: [{ atMs: 1_700_000_000_123, node: 'n1', text: 'ERROR x\n\tat y', id: '-7/-9' }] },
  });
});

test('messages without time, node or text are counted and left out', () => {
  const good = { _messagetime: '5', _sourcehost: 'n1', _raw: 'x' };
  const decoded = decode({
    messages: [
      { map: good },
      { map: { ...good, _messagetime: 'soon' } },
      { map: { ...good, _raw: null } },
      { map: { ...good, _sourcehost: undefined } },
      {},
      null,
      7,
    ],
  });
  assert.ok(decoded.ok);
  assert.deepEqual([decoded.value.rows, decoded.value.lines], [7, [{ atMs: 5, node: 'n1', text: 'x' }]]);
});

test('what is no page of messages is a bad answer', () => {
  for (const page of ['', '{"messages": [', '[]', 'null', {}, { messages: {} }, { records: [] }]) {
    const decoded = decode(page);
    assert.ok(!decoded.ok);
    assert.equal(decoded.failure.kind, 'bad-answer');
  }
});

test('bytes that are no UTF-8 become replacement characters', () => {
  const text = JSON.stringify({ messages: [{ map: { _messagetime: '5', _sourcehost: 'n', _raw: 'a?b' } }] });
  const bytes = new TextEncoder().encode(text);
  bytes[text.indexOf('?')] = 0xff;
  const decoded = decodeSumoMessages(bytes, { nodeAttribute: '_sourcehost' });
  assert.ok(decoded.ok);
  assert.equal(decoded.value.lines?.[0]?.text, 'a\ufffdb');
});

test('whatever the page holds, it never throws and counts its messages', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.jsonValue(),
          fc.record({
            map: fc.dictionary(fc.constantFrom('_raw', '_messagetime', '_sourcehost', '__proto__'), fc.jsonValue()),
          }),
        ),
      ),
      messages => {
        const decoded = decode({ messages });
        assert.ok(decoded.ok);
        assert.equal(decoded.value.rows, messages.length);
        for (const line of decoded.value.lines ?? [])
          assert.ok(Number.isFinite(line.atMs) && typeof line.text === 'string' && typeof line.node === 'string');
      },
    ),
  );
});
