// What a run is told with, in German: whole sentences, counted things, figures with their marks; and nothing of it
// where nobody asked for it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { clusterText } from '../../../src/host/documents/clusterText.ts';
import { evidenceText } from '../../../src/host/documents/evidenceText.ts';
import { logText } from '../../../src/host/documents/logText.ts';
import { noticesOf } from '../../../src/host/notices/notices.ts';
import { releaseText } from '../../../src/host/documents/releaseText.ts';
import { reduceRun } from '../../../src/model/runs/reduceRun.ts';
import type { RunState } from '../../../src/model/runs/runState.ts';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { feedbackPreview } from '../../../src/protocol/words/feedbackSentences.ts';
import {
  formatCount,
  formatDuration,
  formatList,
  formatNumber,
  formatShare,
  formatSize,
} from '../../../src/protocol/words/format.ts';
import { snapshotRun } from '../../../src/protocol/snapshot/snapshot.ts';
import { timelineOf } from '../../../src/protocol/report/timeline.ts';
import { plainEnglish, speak, t, translateWith, type Words } from '../../../src/protocol/words/translate.ts';
import { actionSentence, verdictSentence } from '../../../src/protocol/words/verdictSentence.ts';
import { neededSentence, whatIfSentence } from '../../../src/protocol/words/whatIfSentence.ts';
import {
  cluster,
  failedHookStory,
  heldStory,
  oldRelease,
  promotedStory,
  rolledBackStory,
  startMs,
  waitingStory,
} from '../terminal/stories.ts';

const words = JSON.parse(
  readFileSync(new URL('../../../media/l10n/bundle.l10n.de.json', import.meta.url), 'utf8'),
) as Words;
const german = translateWith(words);
const stateOf = (events: readonly RunEvent[]): RunState => reduceRun('r', events) as RunState;

suite('in German', () => {
  beforeEach(() => speak(german, 'de'));
  afterEach(() => speak(plainEnglish));

  test('the verdict and what follows from it', () => {
    const state = stateOf(rolledBackStory);
    assert.equal(
      verdictSentence(state),
      '4 neue Ausnahmen auf 2 Canary-Knoten: 12 Zeilen, keine in 31 guten Bereitstellungen',
    );
    assert.equal(
      actionSentence(state),
      'Automatisch zurückgerollt auf 2.13.2 in 6,3 s, als gesund geprüft nach 21 s. Keine Aktion nötig.',
    );
  });
  test('what a held run could not measure; the message of a failure stays as it was written', () => {
    assert.equal(
      verdictSentence(stateOf(heldStory)),
      'Nicht eindeutig: Sumo Logic war nicht zu lesen: no answer within 30 s',
    );
  });
  test('rows of the timeline', () => {
    const rows = timelineOf('r', rolledBackStory).map(({ text }) => text);
    for (const row of [
      'storefront 2.14.0 gestartet von maria',
      'Staging bestanden',
      'Production: Phase 1 von 3, 20 % der Knoten, aktualisiert prod-01 und prod-02',
      'Production: Entscheidung: zurückrollen, durch Backstop',
      'Lauf zurückgerollt',
    ])
      assert.ok(rows.includes(row), `${row} in\n${rows.join('\n')}`);
  });
  test('a notification', () => {
    const [notice] = noticesOf(stateOf(rolledBackStory), { nowMs: startMs, isFocused: true, sawItRun: true }, german);
    assert.match(
      notice?.text ?? '',
      /^storefront 2\.14\.0: 4 neue Ausnahmen auf 2 Canary-Knoten: .* Keine Aktion nötig\.$/,
    );
  });
  test('the head of the panel and its stages', () => {
    const { header, groups } = snapshotRun('r', waitingStory, startMs + 400_000, { number: 7 })!;
    assert.match(header.about, /^Lauf #7, Version 2\.14\.0 von maria, /);
    assert.equal(header.verdict, 'storefront 2.14.0 für Production genehmigen?');
    assert.ok(groups.flat().some(({ note }) => note === 'wartet auf jonas oder lena'));
  });
  test('margins, time that is needed, and what a mark would change', () => {
    assert.equal(
      whatIfSentence({ code: 'sensitivity', outcome: 'fail', sensitivity: 'low' }),
      'würde bei niedriger Empfindlichkeit fehlschlagen',
    );
    assert.equal(neededSentence({ neededMs: 240_000 }), 'etwa 4 weitere Minuten bei dieser Last');
    const [cluster] = snapshotRun('r', rolledBackStory, startMs)!.clusters.shown;
    assert.match(
      feedbackPreview(cluster!, 'not-a-risk', false),
      /^Ab der nächsten Auswertung gilt es nicht mehr: 3 andere Log-Ereignisse bleiben ein Risiko/,
    );
  });
  test('figures have the marks of the language, and things are counted in it', () => {
    assert.deepEqual(
      [
        formatNumber(1284),
        formatNumber(0.21),
        formatNumber(1_234_567),
        formatDuration(6400),
        formatShare(0.019),
        formatSize(2_500_000),
      ],
      ['1.284', '0,21', '1.234.567', '6,4 s', '1,9 %', '2,5 MB'],
    );
    assert.deepEqual(
      [formatCount(1, 'log event'), formatCount(1200, 'log event'), formatList(['a', 'b', 'c', 'd'], 3)],
      ['1 Log-Ereignis', '1.200 Log-Ereignisse', 'a, b und 2 weitere'],
    );
  });
});

suite('no document says anything past the translation', () => {
  const stories = [rolledBackStory, heldStory, waitingStory, promotedStory, failedHookStory];
  /** A single word in small letters is a code of the journal and must have its words, but for these names. */
  const names = ['maria', 'jonas', 'lena', 'storefront', 'quality', 'deploy'];
  const own = stringsIn([stories, oldRelease, cluster('cache is cold')])
    .filter(text => names.includes(text) || !/^[a-z-]+$/.test(text))
    .join('\n')
    .toLowerCase();
  beforeEach(() => speak(translateWith(Object.fromEntries(Object.keys(words).map(text => [text, `⟦${text}⟧`])))));
  afterEach(() => speak(plainEnglish));

  /** Words that stand in no sentence and come from no run; a unit or a level of a log is none. */
  function left(text: string): readonly string[] {
    let rest = text;
    while (/⟦[^⟦⟧]*⟧/.test(rest)) rest = rest.replace(/⟦[^⟦⟧]*⟧/g, ' ');
    return (rest.match(/\p{L}{2,}/gu) ?? []).filter(
      word => !/^(?:ms|kb|mb|info)$/i.test(word) && !own.includes(word.toLowerCase()),
    );
  }
  for (const [index, story] of stories.entries()) {
    test(`of run ${index + 1}: evidence, log and timeline`, () => {
      assert.deepEqual(left(evidenceText(stateOf(story), 7)), []);
      assert.deepEqual(left(logText(stateOf(story), story, new Map()).text), []);
      assert.deepEqual(
        left(
          timelineOf('r', story)
            .map(({ text }) => text)
            .join('\n'),
        ),
        [],
      );
    });
  }
  test('of a cluster and of a release', () =>
    assert.deepEqual([left(clusterText(cluster('cache is cold'))), left(releaseText(oldRelease))], [[], []]));
  test('a word past it would be found', () => assert.deepEqual(left('⟦{0} nodes of ⟦b⟧⟧ somehow'), ['somehow']));
});

test('without words for it a sentence stays English, and values are never read as places', () => {
  assert.equal(translateWith({ 'a {0}': 'ein {0}' })('an {0}', 'x'), 'an x');
  assert.equal(translateWith({ '{0} and {1}': '{1} und {0}' })('{0} and {1}', '{1}', '{0}'), '{0} und {1}');
  assert.equal(translateWith({})('{0} runs', '__proto__'), '__proto__ runs');
  assert.equal(t('Waiting for {0}.', 'maria'), 'Waiting for maria.');
});

function stringsIn(value: unknown): readonly string[] {
  return typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => [...(/[^a-zA-Z]/.test(key) ? [key] : []), ...stringsIn(inner)])
      : [];
}
