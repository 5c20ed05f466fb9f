// Words of trouble in the languages that services speak. They only weigh an event; they never decide whether one is
// new.

/**
 * Whole words and phrases, `|` between them; `*` at the end of a word stands for any letters, at its beginning for the
 * first part of a compound.
 */
const deadlyWords = [
  'out of memory|outofmemory|outofmemoryerror|oom|oomkilled|no memory left|segmentation fault|segfault',
  'bus error|core dumped',
  'kernel panic|stackoverflowerror|panicked|deadlock|data corruption|fatal|fatally|stack smashing',
  'addresssanitizer|terminate called|double free|pure virtual method|general protection fault|soft lockup',
  'unexpected fault address|sigsegv|sigabrt|sigbus|sigill',
  // German, French, Spanish and Portuguese, Italian, Dutch, Russian.
  'schwerwiegend*|absturz|abgestürzt|kein speicher mehr|mémoire insuffisante|plantage|memoria insuficiente',
  'memória insuficiente',
  'fatale|fataal|fatales|memoria esaurita|onvoldoende geheugen|критическ*|фатальн*|нехватка памяти|паника ядра',
];

const faultyWords = [
  "error|errors|failed|failure|failures|fail|fails|failing|cannot|can't|could not|couldn't|unable|refused",
  'denied|rejected',
  'aborted|abort|crash|crashed|crashes|exception|exceptions|invalid|unhandled|uncaught|unreachable',
  'timed out|timeout|time-out',
  'corrupt|corrupted|corruption|disk full|no space left|broken pipe|connection reset|not permitted|killed',
  'illegal|violates|violated|violation|does not exist|did not exist|no such file|no such host|no such table',
  'no such device|no route to host|is offline|are offline|went offline|unavailable|exhausted|too many',
  'already in use|unknown authority|certificate has expired|bad gateway|undefined symbol|checksum mismatch',
  'npm err|giving up|gave up|no leader',
  // Names of errno.h and of Node.js (nodejs.org/api/errors.html).
  'eacces|eaddrinuse|eagain|ebadf|econnaborted|econnrefused|econnreset|ehostunreach|eio|emfile|enetunreach|enfile',
  'enoent|enospc|enotconn|enotfound|eperm|epipe|eproto|erofs|estale|etimedout|eai_again|esockettimedout',
  // However the names of exceptions are written together.
  '*exception|*error|*traceback|*throwable',
  // German.
  '*fehler|*fehlern|fehlerhaft*|fehlgeschlagen*|schlug fehl|gescheitert|scheiterte|*ausnahme|verweigert*',
  'abgelehnt*|abgewiesen*',
  'zeitüberschreitung|ungültig*|beschädigt*|abgebrochen|abbruch|konnte nicht|konnten nicht|kann nicht',
  'nicht möglich|nicht erreichbar',
  // French.
  'erreur|erreurs|échec|échecs|échoué|échouée|échoue|refusé|refusée|rejeté|rejetée|délai dépassé',
  "délai d'attente|expiré|expirée",
  'invalide|corrompu|corrompue|impossible|abandonné|interrompu|inaccessible',
  // Spanish.
  'errores|fallo|falló|fallos|fallido|fallida|fallaron|excepción|denegado|denegada|rechazado|rechazada',
  'tiempo de espera|agotado',
  'inválido|inválida|corrupto|corrupta|dañado|dañada|no se pudo|no se puede|imposible|abortado',
  // Portuguese.
  'erro|erros|falha|falhas|falhou|falharam|exceção|negado|negada|recusado|recusada|rejeitado|tempo limite',
  'tempo esgotado',
  'corrompido|corrompida|não foi possível|impossível|travou|inacessível',
  // Italian.
  'errore|errori|fallito|fallita|falliti|fallimento|eccezione|negato|negata|rifiutato|rifiutata',
  'tempo scaduto|non valido',
  'corrotto|corrotta|danneggiato|impossibile|interrotto|bloccato',
  // Dutch.
  'fout|fouten|*fout|mislukt|mislukte|gefaald|faalde|uitzondering|geweigerd|afgewezen',
  'verlopen|ongeldig|ongeldige|beschadigd',
  'kan niet|kon niet|gecrasht|vastgelopen|afgebroken|onbereikbaar',
  // Russian.
  'ошибк*|сбой|сбоя|сбои|не удалось|неудач*|исключени*|отказ|отказано|отклонен*|отклонён*|таймаут*|тайм-аут',
  'время ожидания',
  'невозможно|недопустим*|неверн*|поврежд*|аварийн*|недоступ*',
];

const doubtfulWords = [
  'warning|warnings|warn|deprecated|retrying|retry|slow|exceeded|dropped|unexpected|missing|already exists|expired',
  'mismatch|not available|not found|conflict|overloaded|unhealthy|disconnected|connection lost|lost connection',
  'unauthorized|unauthenticated|forbidden|unsupported|not supported|incompatible|malformed|degraded|stalled',
  'backing off|back off|kicked out|lost leadership|leadership lost|election lost|lagging behind|falling behind',
  'breaker is open|breaker open|circuit is open|circuit open',
  'warnung|warnungen|veraltet|unerwartet*|fehlend*|fehlt|avertissement|inattendu|inattendue',
  'manquant|advertencia|inesperado|aviso',
  'avviso|inatteso|waarschuwing|onverwacht|предупреждени*|неожиданн*|устаревш*',
];

/** Chinese, Japanese and Korean have theirs anywhere, since no space stands between words. */
const unspaced: readonly (readonly [Trouble, RegExp])[] = [
  [3, /致命|崩溃|崩潰|内存不足|內存不足|内存溢出|メモリ不足|クラッシュ|치명적/],
  [
    2,
    /错误|錯誤|失败|失敗|异常|異常|拒绝|拒絕|超时|超時|损坏|損壞|无法|無法|无效|無效|故障|中止|エラー|例外|拒否|タイムアウト|破損|できません|不正|無効|障害|오류|에러|실패|예외|거부|시간 초과|손상/,
  ],
  [1, /警告|意外|경고/],
];

/** 0: none; 1: doubtful; 2: something went wrong; 3: deadly. */
export type Trouble = 0 | 1 | 2 | 3;

/** What follows a first word: the other words of a phrase, [] where the word alone says it. */
interface Phrase {
  readonly rest: readonly string[];
  readonly trouble: Trouble;
}

/** A part of a word that says it. */
interface Part {
  readonly text: string;
  readonly trouble: Trouble;
}

const phrases = new Map<string, Phrase[]>(),
  beginnings: Part[] = [],
  endings: Part[] = [];
for (const [lists, trouble] of [
  [deadlyWords, 3],
  [faultyWords, 2],
  [doubtfulWords, 1],
] as const) {
  for (const phrase of lists.flatMap(list => list.split('|'))) {
    if (phrase.startsWith('*')) endings.push({ text: phrase.slice(1), trouble });
    else if (phrase.endsWith('*')) beginnings.push({ text: phrase.slice(0, -1), trouble });
    else {
      const [first = '', ...rest] = phrase.split(/[ '-]/);
      phrases.set(first, [...(phrases.get(first) ?? []), { rest, trouble }]);
    }
  }
}
/** By their last letter and their first: most words need not be compared with any. */
const endingsOf = Map.groupBy(endings, ({ text }) => text.charCodeAt(text.length - 1)),
  beginningsOf = Map.groupBy(beginnings, ({ text }) => text.charCodeAt(0));
const none: readonly never[] = [];

const longestText = 4_000,
  longestWord = 60,
  firstUnspaced = 0x2e80;

/**
 * What systemd says when it starts or stops a unit (systemd, src/core): the rest is the unit's description, `Started
 * Automatic crash report generation.`
 */
const unitMessage = new RegExp(
  '^(?:Start(?:ed|ing)|Finished|Stopp(?:ed|ing)|(?:Unm|M)ount(?:ed|ing)|Reload(?:ed|ing)|' +
    String.raw`Condition check resulted in) (?:LSB: |(?=\p{Lu}))[^:]*\.$`,
  'u',
);

/**
 * The worst that a text speaks of. What it says there is none of, `no errors`, does not count. Only the first 4,000
 * characters are read.
 */
export function troubleIn(text: string): Trouble {
  if (unitMessage.test(text)) return 0;
  const lower = (text.length > longestText ? text.slice(0, longestText) : text).toLowerCase();
  let worst: Trouble = 0,
    before = '',
    isUnspaced = false;
  for (let at = 0; at < lower.length;) {
    const code = lower.charCodeAt(at);
    if (!isWordCode(code)) {
      at++;
      continue;
    }
    let end = at + 1;
    while (end < lower.length && isWordCode(lower.charCodeAt(end))) end++;
    isUnspaced ||= code >= firstUnspaced || lower.charCodeAt(end - 1) >= firstUnspaced;
    if (end - at <= longestWord) {
      const word = lower.slice(at, end);
      const trouble: Trouble = worst < 3 ? troubleOfWord(lower, word, end) : 0;
      if (
        trouble > worst &&
        !isOption(lower, at) &&
        !(trouble < 3 && (denies(before, lower, end) || isNone(lower, at, end))) &&
        !isSetting(word, before, lower, at) &&
        !namesThing(word, lower, at)
      )
        worst = trouble;
      before = word;
    }
    at = end;
  }
  if (isUnspaced)
    for (const [trouble, pattern] of unspaced) if (trouble > worst && pattern.test(lower)) worst = trouble;
  return worst;
}

function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    (code >= 0xc0 && code !== 0x2014 && code !== 0x2013)
  );
}

function troubleOfWord(text: string, word: string, end: number): Trouble {
  let worst: Trouble = 0;
  for (const { rest, trouble } of phrases.get(word) ?? none)
    if (trouble > worst && (rest.length === 0 || follows(text, end, rest))) worst = trouble;
  for (const ending of endingsOf.get(word.charCodeAt(word.length - 1)) ?? none)
    if (ending.trouble > worst && word.endsWith(ending.text)) worst = ending.trouble;
  for (const beginning of beginningsOf.get(word.charCodeAt(0)) ?? none)
    if (beginning.trouble > worst && word.startsWith(beginning.text)) worst = beginning.trouble;
  return word === 'panic' && text[end] === ':' ? 3 : worst;
}

/** Whether the other words of a phrase stand behind its first, each after one character. */
function follows(text: string, from: number, rest: readonly string[]): boolean {
  let at = from;
  for (const word of rest) {
    const sign = text[at];
    if ((sign !== ' ' && sign !== '-' && sign !== "'" && sign !== '\u2019') || !text.startsWith(word, at + 1))
      return false;
    at += 1 + word.length;
  }
  return at >= text.length || !isWordCode(text.charCodeAt(at));
}

const denials = new Set(['no', 'without', 'zero', 'any']);

/** `no errors`, `without any failure`, `error-free`, `error=<nil>`. */
function denies(before: string, text: string, end: number): boolean {
  return denials.has(before) || text.startsWith('-free', end) || isNothing.test(text.slice(end, end + 12));
}

/** Behind a colon a sentence may follow: `failed: none of the hosts answered`. */
const isNothing = /^["']?(?:=|\s?:\s?)["']?<?(?:null|nil|none|undefined|false)\b(?!(?<=:\s?\w+) \w)/;

/** Whether a text counts errors, so that another line of its kind may have some where it has none. */
export function countsNone(text: string): boolean {
  const counted = text.replaceAll(/(?<![\w.])0(?:\.0+)?(?![\w.])/g, '1');
  return counted !== text && troubleIn(counted) > 0;
}

/** `0 errors`, `0 tests failed`, `failed: 0`, `error rate is 0.0 %`. */
function isNone(text: string, at: number, end: number): boolean {
  return (
    /(?:^|[^\w.,:/-])0 (?:\p{L}+ )?$/u.test(text.slice(Math.max(0, at - 24), at)) ||
    /^(?: (?:rate|count)s?)?["']?(?: is | was | ?[:=] ?)["']?0+(?:\.0+)?(?![\w.:])/.test(text.slice(end, end + 24))
  );
}

const plus = 43,
  minus = 45;

/** `-XX:+ExitOnOutOfMemoryError`, `--log-error=x`: an option says what somebody wants, not what happened. */
function isOption(text: string, at: number): boolean {
  if (text.charCodeAt(at - 1) === plus) return true;
  let from = at;
  while (from > 0 && (isWordCode(text.charCodeAt(from - 1)) || text.charCodeAt(from - 1) === minus)) from--;
  return text.charCodeAt(from) === minus;
}

/** Nouns that turn the word before them into a name: an `exception handler` is not an exception. */
const makers = new RegExp(
    '^[ -](?:handlers?|mappers?|reports?|reporters?|trackers?|detectors?|detection|boundary|budget|thresholds?|' +
      String.raw`policy|policies|collectors?|listeners?|resolvers?|translators?|correction|dumps?|pages?)\b`,
  ),
  made = new Set(['error', 'errors', 'exception', 'exceptions', 'failure', 'failures', 'crash', 'deadlock', 'timeout']);

/** Whether the word is part of a name: that of a component, or an absolute path. */
function namesThing(word: string, text: string, at: number): boolean {
  if (made.has(word) && makers.test(text.slice(at + word.length, at + word.length + 14))) return true;
  if (text[at - 1] !== '/') return false;
  let from = at;
  while (from > 0 && /[\w./-]/.test(text[from - 1]!)) from--;
  return text[from] === '/';
}

const timeUnit = /^\d*(?:ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?)?$/;

/** `with a 30 s timeout`, `timeout=30`, `timeout set to 30 s`: how long one would wait, not that it was too long. */
function isSetting(word: string, before: string, text: string, at: number): boolean {
  if (word !== 'timeout' && word !== 'timeouts') return false;
  const end = at + word.length;
  return (
    (before !== '' && timeUnit.test(before)) ||
    text.slice(Math.max(0, at - 4), at) === '<*> ' ||
    /^(?:["']?[=:] ?["']?(?:\d|<\*>)| (?:is |was )?set to )/.test(text.slice(end, end + 14))
  );
}

/**
 * Words that say that something is in a bad state where they stand alone as a value; in a sentence they may mean
 * anything.
 */
const badStates = new Set(
  [
    'down dead offline unavailable unhealthy degraded broken lost expired stalled stuck hung hanging stale',
    'blocked bad wrong incorrect mismatch mismatched diverged inconsistent declined cancelled canceled',
    'revoked overflow exhausted full panic incomplete partial unresponsive unresolved undeliverable bounced',
    'quarantined poisoned evicted terminated aborting throttled rejecting disconnected',
  ]
    .join(' ')
    .split(' '),
);

/**
 * Whether a word that is new in its place says that something is in a bad state, or is a constant that has such a word
 * in it (`FAIL_CLEANUP`). It weighs the word, and never decides that it is new.
 */
export function isBadState(word: string): boolean {
  return badStates.has(word.toLowerCase()) || troubleIn(word.replaceAll('_', ' ')) > 0;
}
