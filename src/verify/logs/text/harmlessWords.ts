// Where words of trouble stand for something else: parts of names, settings, other meanings, and what a text denies.

/** What a text without spaces says there is none of: 没有错误, エラーはありません, 오류 없음. */
export const unspacedDenial =
  /(?:没有|沒有|无|無|未发现|未發現|(?<!\d)0 ?[个個次条件건]?の?)(?:任何)?(?:错误|錯誤|异常|異常|故障|失败|失敗|警告|冲突|エラー|障害|例外)|(?:エラー|異常|障害|失敗|警告|例外)(?:は|が)?(?:なし|無し|ありません|0 ?件)|(?:오류|에러|실패|예외|경고)(?:가|는|이|은)? ?(?:없음|없습니다|0 ?건)/g;

const countsDown = /^ down (?:to|by|from)(?!\p{L})/u,
  asWished = /^ (?:by|on request of) (?:the |a |an )?(?:user|customer|client|caller|owner|operator|admin)/;

/** What follows words that mean something else with it: `lost+found`, `is down to 3`, `cancelled by the user`. */
const harmlessRests: ReadonlyMap<string, RegExp> = new Map([
  ['lost', /^(?:\+| and | & )found| (?:passwords?|property|items?|luggage)(?!\p{L})/u],
  ...['is', 'are', 'was', 'went', 'goes'].map(word => [word, countsDown] as const),
  ...['cancelled', 'canceled'].map(word => [word, asWished] as const),
]);

/** Whether what follows a word of trouble makes it mean something else. */
export function isHarmless(word: string, text: string, end: number): boolean {
  return harmlessRests.get(word)?.test(text.slice(end, end + 40)) ?? false;
}

/** Nouns that turn the word before them into a name: an `exception handler` is not an exception. */
const makers = new RegExp(
    '^[ -](?:handlers?|mappers?|reports?|reporters?|trackers?|detectors?|detection|boundary|budget|thresholds?|' +
      String.raw`policy|policies|collectors?|listeners?|resolvers?|translators?|correction|dumps?|pages?)\b`,
  ),
  made = new Set(['error', 'errors', 'exception', 'exceptions', 'failure', 'failures', 'crash', 'deadlock', 'timeout']);

/** Whether the word is part of a name: that of a component, or an absolute path. */
export function namesThing(word: string, text: string, at: number): boolean {
  if (made.has(word) && makers.test(text.slice(at + word.length, at + word.length + 14))) return true;
  if (text[at - 1] !== '/') return false;
  let from = at;
  while (from > 0 && /[\w./-]/.test(text[from - 1]!)) from--;
  return text[from] === '/';
}

const timeUnit = /^\d*(?:ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?)?$/;

/** `with a 30 s timeout`, `timeout=30`, `timeout set to 30 s`: how long one would wait, not that it was too long. */
export function isSetting(word: string, before: string, text: string, at: number): boolean {
  if (word !== 'timeout' && word !== 'timeouts') return false;
  const end = at + word.length;
  return (
    (before !== '' && timeUnit.test(before)) ||
    text.slice(Math.max(0, at - 4), at) === '<*> ' ||
    /^(?:["']?[=:] ?["']?(?:\d|<\*>)| (?:is |was )?set to )/.test(text.slice(end, end + 14))
  );
}
