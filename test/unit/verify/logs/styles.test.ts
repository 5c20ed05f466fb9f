// Headers of many makes: found and stripped, so that the groups are those of the messages alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupLines } from '../../../../src/verify/logs/grouping.ts';
import { seeded } from './synthetic.ts';

const messages = ['Cache warmed for # tenants', 'Lease on shard # was granted', 'Could not reach replica # of #', 'Compaction of level # finished, # files left'];
const loggers = ['store.v2.Cache', 'store.Lease', 'store.net.Replica', 'store.Compactor'];

/** Heads by make; `#` is a digit, LOGGER the statement's own, LEVEL one of several. */
const heads: Readonly<Record<string, string>> = {
  'log4j with threads of several words': '2024-05-06 1#:0#:##,### LEVEL [pool # thread #] LOGGER: ', 'Spring Boot': '2024-05-06 1#:0#:##.###  LEVEL 1#### --- [exec-#] LOGGER : ', 'short dates': '24/05/06 1#:0#:## LEVEL LOGGER: ',
  'syslog of one program': 'May  6 1#:0#:## host# stored[1###]: ', 'syslog of RFC 5424': '<34>1 2024-05-06T1#:0#:##.###Z host#.example.net stored 1### ID4# - ', 'logcat': '05-06 1#:0#:##.###  1###  1### I Stored: ',
  'klog': 'I0506 1#:0#:##.######    1### store.go:1##] ', 'aligned columns': '2024-05-06 1#:0#:##, Info                  STORE    ', 'numbered events with an epoch': '10#### node-1# store.hw state_change 17######## 1 ',
  'a cluster\'s collector': '- 17######## 2024.05.06 dn1# May 6 1#:0#:## dn1#/dn1# stored[1###]: ', 'pipes': '20240506-1#:0#:##:###|Stored_Main|1######|', 'brackets': '[Mon May 06 1#:0#:## 2024] [notice] ', 'a request\'s ids': '1#:0#:##.### LEVEL  LOGGER TraceID: 8f#a0000#### SpanID: 4c#b##00 ',
  'colours': '\u001b[32m2024-05-06 1#:0#:##\u001b[0m \u001b[1mLEVEL\u001b[0m LOGGER - ', 'no header at all': '',
};

function write(head: string, count: number): { lines: string[]; statements: number[] } {
  const random = seeded(5), digits = (text: string): string => text.replaceAll('#', () => String(Math.floor(random() * 10)));
  const statements = Array.from({ length: count }, () => Math.floor(random() * messages.length));
  return { statements, lines: statements.map(one => digits(head.replace('LOGGER', loggers[one]!).replace('LEVEL', ['INFO', 'WARN', 'DEBUG'][Math.floor(random() * 3)]!) + messages[one]!)) };
}

for (const [make, head] of Object.entries(heads)) {
  test(`of ${make} the messages alone are grouped`, () => {
    const { lines, statements } = write(head, 200);
    const { groups, templates } = groupLines(lines);
    const expected = new Set(statements.map(one => messages[one]!.replaceAll('#', '<*>')));
    assert.deepEqual(new Set(Array.from(groups, group => templates[group]!.replace(/^<\*> /, ''))), expected);
    assert.equal(templates.length, expected.size);
  });
}

test('structured lines are grouped by their messages, whatever else they tell', () => {
  const random = seeded(6), figure = (): number => Math.floor(random() * 1000);
  for (const line of [(text: string) => JSON.stringify({ ts: figure(), severity: 'INFO', message: text, pod: `p${figure()}` }), (text: string) => JSON.stringify({ level: 30, time: figure(), msg: text })]) {
    const { templates } = groupLines(Array.from({ length: 60 }, (_, i) => line(messages[i % 4]!.replaceAll('#', () => String(figure())))));
    assert.deepEqual(new Set(templates), new Set(messages.map(text => text.replaceAll('#', '<*>'))));
  }
});
