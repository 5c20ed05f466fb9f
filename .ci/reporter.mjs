// A reporter of node:test for programs: one line of JSON for each test that ended, with its name, outcome and reason.

/** Suites are not counted: their tests are. A file that fails before its first test is a test of its own. */
export default async function* reportTests(events) {
  for await (const { type, data } of events) {
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite') continue;
    const { name, file, skip, todo } = data;
    yield `${JSON.stringify({ name, file, ...outcomeOf(type, skip, todo) })}\n`;
  }
}

/** `skip` and `todo` are the reason, or true without one. */
function outcomeOf(type, skip, todo) {
  if (type === 'test:fail' && !isSet(todo)) return { outcome: 'failed' };
  if (isSet(skip)) return { outcome: 'skipped', reason: typeof skip === 'string' ? skip : '' };
  return isSet(todo) ? { outcome: 'todo' } : { outcome: 'passed' };
}

function isSet(mark) {
  return mark !== undefined && mark !== false;
}
