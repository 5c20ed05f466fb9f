// The feedback file: read with every mistake at its place, and changed so that whatever a person wrote stays as it is.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { addFeedback, removeFeedback } from '../../../src/definition/editFeedback.ts';
import { parseFeedback } from '../../../src/definition/parseFeedback.ts';
import { feedbackMarks, type Feedback } from '../../../src/model/evidence/feedback.ts';
import { formatProblem } from '../../../src/model/problem.ts';

const said: Feedback = {
  key: 'k1',
  template: 'Lost the race for <*>',
  mark: 'not-a-risk',
  reason: 'Retried: harmless',
  by: 'maria',
  atMs: Date.UTC(2026, 10, 23, 14, 13, 45),
};

const byHand = `# Reviewed every Friday.
version: 1   # the only one there is

feedback: # in the order of templates
    # --- payments ---
    - template: 'Card <*> declined'   # known since 2024
      mark: not-a-risk-while-normal
      reason: >-
        The bank says no,
        not we.
      by: jonas

    # --- stock ---
    -
      template: "no stock row for sku <*>"
      reason: was a bug once
      mark: always-fail
      # until the migration is done

# The end.
`;

suite('feedback file', () => {
  test('is what reviewers said, with what a person may leave out', () => {
    assert.deepEqual(parseFeedback(byHand, 'f'), {
      problems: [],
      entries: [
        {
          template: 'Card <*> declined',
          mark: 'not-a-risk-while-normal',
          reason: 'The bank says no, not we.',
          by: 'jonas',
          key: '',
          atMs: 0,
        },
        {
          template: 'no stock row for sku <*>',
          mark: 'always-fail',
          reason: 'was a bug once',
          by: 'somebody',
          key: '',
          atMs: 0,
        },
      ],
    });
    for (const text of ['', '# nothing yet\n', 'version: 1\n', 'feedback:\n', 'feedback: []\n'])
      assert.deepEqual(parseFeedback(text, 'f'), { entries: [], problems: [] });
  });

  test('with a mistake says file, line, value and what is allowed, and none of it counts', () => {
    const { entries, problems } = parseFeedback(
      'version: 1\nfeedback:\n  - template: a\n    mark: not-risk\n    reason: b\n  - templat: c\n    mark: ' +
        'risk\n    reason: d\n    at: yesterday\n',
      '.backstop/feedback.yaml',
    );
    assert.deepEqual(entries, []);
    assert.deepEqual(problems.map(formatProblem), [
      '.backstop/feedback.yaml:4:11 error: This value is not allowed for `feedback[0].mark`. ' +
        'Did you mean `not-a-risk`? Found: not-risk. Allowed: not-a-risk, not-a-risk-while-normal, risk, ' +
        'always-fail.',
      '.backstop/feedback.yaml:6:5 error: There is no key `templat` in `feedback[1]`. ' +
        'Did you mean `template`? Found: templat. Allowed: template, mark, reason, by, at, key.',
      '.backstop/feedback.yaml:9:9 error: This is not a moment. Write it like 2026-11-23T14:13:45Z. Found: yesterday.',
    ]);
    assert.match(
      formatProblem(parseFeedback('- a\n', 'f').problems[0] ?? assert.fail()),
      /^f:1:1 error: A feedback file is a map of keys and values. Begin with `version: 1` and `feedback:`/,
    );
  });

  test('a first mark makes a file that says what it is', () => {
    assert.equal(
      addFeedback(undefined, said),
      `# What reviewers said about log events: reviewed like code, applied in every verification.
# Marks: not-a-risk, not-a-risk-while-normal, risk, always-fail. A template that says nearly the same matches too.
version: 1
feedback:
  - template: "Lost the race for <*>"
    mark: not-a-risk
    reason: "Retried: harmless"
    by: "maria"
    at: 2026-11-23T14:13:45Z
    key: "k1"
`,
    );
    assert.equal(removeFeedback(addFeedback(undefined, said), said), undefined);
  });

  test('a mark goes where its template belongs, and leaves every other line alone', () => {
    const lines = addFeedback(byHand, said).split('\n'),
      old = byHand.split('\n');
    assert.deepEqual(
      lines.slice(11, 17).map(line => line.slice(0, 16)),
      [
        '    - template: ',
        '      mark: not-',
        '      reason: "R',
        '      by: "maria',
        '      at: 2026-1',
        '      key: "k1"',
      ],
    );
    assert.deepEqual([...lines.slice(0, 11), ...lines.slice(17)], old);
  });

  for (const [name, text] of [
    ['with comments', byHand],
    ['with Windows line ends', byHand.replaceAll('\n', '\r\n')],
    ['without a last line end', byHand.trimEnd().replace(/\n\n# The end.$/, '')],
    ['empty', ''],
    ['only a comment', '# later'],
    ['no list yet', 'version: 1\nfeedback: # none\n'],
    ['no key yet', 'version: 1\n'],
  ] as const) {
    test(`undoing a mark gives the file back as it was: ${name}`, () => {
      for (const template of ['A first <*>', 'Lost', 'zebra']) {
        const added = addFeedback(text, { ...said, template });
        assert.deepEqual(parseFeedback(added, 'f').problems, []);
        const back = removeFeedback(added, { key: 'k1', template });
        // What makes room for a first entry (the keys above it) stays.
        assert.equal(
          parseFeedback(text, 'f').entries.length > 0 || text.includes('feedback') ? back : back?.startsWith(text),
          parseFeedback(text, 'f').entries.length > 0 || text.includes('feedback') ? text : true,
        );
      }
    });
  }

  test('a list in brackets is written anew, comments kept', () => {
    const added = addFeedback('# mine\nfeedback: [{ template: b, mark: risk, reason: c }] # all\n', said);
    assert.match(added, /^# mine\n/);
    assert.deepEqual(
      parseFeedback(added, 'f').entries.map(entry => entry.template),
      ['b', said.template],
    );
    assert.deepEqual(
      parseFeedback(removeFeedback(added, said) ?? '', 'f').entries.map(entry => entry.template),
      ['b'],
    );
  });

  test('whatever was said comes back as it was said, and goes without a trace', () => {
    const anyText = fc
      .oneof(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.string({ minLength: 1, unit: 'binary' }),
        fc.constantFrom(
          'a: b',
          '- x',
          '# no',
          '"',
          "'",
          'null',
          '1',
          '\u2028',
          '\\',
          '<*>',
          '{',
          '&a',
          '*a',
          '!x',
          '%',
          '@',
          '|',
          '\t',
        ),
      )
      .filter(text => text.trim() !== '' && text.isWellFormed());
    const anyEntry = fc.record(
      {
        template: anyText,
        mark: fc.constantFrom(...feedbackMarks),
        reason: anyText,
        by: anyText,
        key: fc.stringMatching(/^[0-9a-f]{8}$/),
        atMs: fc.integer({ min: 0, max: 4e12 }).map(ms => ms - (ms % 1000)),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(anyEntry, { maxLength: 6, selector: ({ template }) => template }),
        fc.nat(),
        (entries, pick) => {
          fc.pre(new Set(entries.map(({ key }) => key)).size === entries.length);
          const states = entries.reduce<readonly (string | undefined)[]>(
            (texts, entry) => [...texts, addFeedback(texts.at(-1), entry)],
            [undefined],
          );
          const text = states.at(-1);
          if (text === undefined) return;
          const read = parseFeedback(text, 'f');
          assert.deepEqual(read, {
            problems: [],
            entries: [...entries].sort((one, other) => (one.template < other.template ? -1 : 1)),
          });
          assert.equal(removeFeedback(text, entries.at(-1)!), states.at(-2));
          const gone = entries[pick % entries.length]!;
          assert.deepEqual(
            parseFeedback(removeFeedback(text, gone) ?? '', 'f').entries,
            read.entries.filter(entry => entry.key !== gone.key),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
