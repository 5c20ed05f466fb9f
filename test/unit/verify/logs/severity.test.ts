// Words of trouble, in the languages that services speak: how bad a line is that names no level.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelInside, severityOfWords } from '../../../../src/verify/logs/text/severity.ts';

const rows: readonly (readonly [text: string, severity: string])[] = [
  ['served 7 orders', 'unknown'],
  ['order 7 failed', 'error'],
  ["can't open the ledger", 'error'],
  ['it could not be opened', 'error'],
  ['java.net.SocketTimeoutException', 'error'],
  ['the page is corrupt', 'error'],
  ['panic: no seat', 'fatal'],
  ['FATAL: the ledger starts (SQLSTATE 57P03)', 'error'],
  ['a panic room', 'unknown'],
  ['started with -XX:+ExitOnOutOfMemoryError --crash-reports', 'unknown'],
  ['the pre-failure of the disk', 'error'],
  ['began with --log-error=/var/log/store', 'unknown'],
  ['read /var/log/store/error.log', 'unknown'],
  ['a read/write error', 'error'],
  ['open /srv/store/error: no such file', 'error'],
  ['the exception handler was registered', 'unknown'],
  ['the exception handler failed', 'error'],
  ['an invalid page in block 5', 'error'],
  ['saved, error=<nil> took=5', 'unknown'],
  ['saved, "error": null, "took": 5', 'unknown'],
  ['saving failed: none of the hosts answered', 'error'],
  ['Started LSB: automatic crash report generation.', 'unknown'],
  ['Finished Detection of a failed boot.', 'unknown'],
  ['Finished with an error.', 'error'],
  ['Starting Store: failed.', 'error'],
  ['opened with a 30 s timeout', 'unknown'],
  ['opened with timeout=30', 'unknown'],
  ['opened, then a timeout', 'error'],
  ['Segmentation fault', 'fatal'],
  ['retrying in 5 s', 'warn'],
  ['finished with no errors', 'unknown'],
  ['finished without any failures', 'unknown'],
  ['the job met 0 errors', 'unknown'],
  ['0 tests failed', 'unknown'],
  ['the job met 10 errors', 'error'],
  ['failed: 0, passed: 12', 'unknown'],
  ['the error rate is 0.0 %', 'unknown'],
  ['the error rate is 0.4 %', 'error'],
  ['error: 0x80070005', 'error'],
  ['timeout set to 30 s', 'unknown'],
  ['bind: address already in use', 'error'],
  ['x509: certificate signed by unknown authority', 'error'],
  ['npm ERR! code ELIFECYCLE', 'error'],
  ["terminate called after throwing an instance of 'std::bad_alloc'", 'fatal'],
  ['this replica is falling behind', 'warn'],
  ['Verbindungsfehler: Zugriff verweigert', 'error'],
  ['Bestellung 7 fehlgeschlagen', 'error'],
  ["Échec de l'ouverture", 'error'],
  ['délai dépassé', 'error'],
  ['No se pudo abrir el archivo', 'error'],
  ['acceso denegado', 'error'],
  ['Não foi possível abrir', 'error'],
  ['la página está dañada', 'error'],
  ['Impossibile aprire il file', 'error'],
  ['verbinding geweigerd', 'error'],
  ['Произошла ошибка', 'error'],
  ['не удалось открыть файл', 'error'],
  ['критический отказ', 'fatal'],
  ['用户789登录失败', 'error'],
  ['用户123登录成功', 'unknown'],
  ['データベース接続エラー', 'error'],
  ['内存不足', 'fatal'],
  ['연결 실패', 'error'],
  ['mirror of a category', 'unknown'],
];

for (const [text, severity] of rows)
  test(`"${text}" is ${severity}`, () => {
    assert.equal(severityOfWords(text), severity);
  });

test('a text that never ends costs no more than its length', () => {
  const started = performance.now();
  for (const text of ['fehl'.repeat(100_000), 'no '.repeat(200_000), '\u5931'.repeat(400_000)]) severityOfWords(text);
  assert.ok(performance.now() - started < 2_000);
});

test('a level behind names alone, or in a field between bars, is the level', () => {
  for (const [text, level] of [
    ['queued  [7] (take_order) \tinfo: Order aborted by its owner', 'info'],
    ['queue[7]: warning: almost full', 'warn'],
    ['bridge|00012|link|ERR|no carrier', 'error'],
    ['pop3(berta)<812><qX7>: Info: Bye', 'info'],
    ['pop3(berta)<812><qX7>: Error: no mailbox', 'error'],
    ['call(berta): done', undefined],
    ['Reading the configuration: error: none', undefined],
    ['Order: 7 taken', undefined],
  ] as const)
    assert.equal(levelInside(text, 0), level, text);
});
