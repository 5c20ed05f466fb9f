// Words of trouble in the languages that services speak. They only weigh an event; they never decide whether one is new.

/** Whole words; `*` at an end stands for any letters. Scripts without spaces between words have theirs anywhere. */
interface Words {
  readonly spaced: readonly string[];
  readonly unspaced: readonly string[];
}

const deadlyWords: Words = {
  spaced: [
    'out ?of ?memory|OutOfMemoryError|OOM(?:Killed|-killer)?|no memory left|segmentation fault|segfault|bus error|core dumped',
    'kernel panic|StackOverflowError|panicked|deadlock|data corruption|fatal(?:ly)?|stack smashing|AddressSanitizer',
    // German, French, Spanish and Portuguese, Italian, Dutch, Russian.
    'schwerwiegend*|Absturz|abgestürzt|kein Speicher mehr|mémoire insuffisante|plantage|memoria insuficiente|memória insuficiente',
    'fatale|fataal|fatales|memoria esaurita|onvoldoende geheugen|критическ*|фатальн*|нехватка памяти|паника ядра',
  ],
  // Chinese, Japanese, Korean.
  unspaced: ['致命', '崩溃', '崩潰', '内存不足', '內存不足', '内存溢出', 'メモリ不足', 'クラッシュ', '치명적'],
};

const faultyWords: Words = {
  spaced: [
    "error|errors|failed|failure|failures|fail|fails|failing|cannot|can't|could not|couldn't|unable|refused|denied|rejected",
    'aborted|abort|crash|crashed|crashes|exception|exceptions|invalid|unhandled|uncaught|unreachable|timed out|timeout|time-out',
    'corrupt|corrupted|corruption|disk full|no space left|broken pipe|connection reset|not permitted|killed|illegal',
    // German, with its compounds.
    '*fehler|*fehlern|fehlerhaft*|fehlgeschlagen*|schlug fehl|gescheitert|scheiterte|*ausnahme|verweigert*|abgelehnt*|abgewiesen*',
    'zeitüberschreitung|ungültig*|beschädigt*|abgebrochen|abbruch|konnte nicht|konnten nicht|kann nicht|nicht möglich|nicht erreichbar',
    // French.
    "erreur|erreurs|échec|échecs|échoué|échouée|échoue|refusé|refusée|rejeté|rejetée|délai dépassé|délai d'attente|expiré|expirée",
    'invalide|corrompu|corrompue|impossible|abandonné|interrompu|inaccessible',
    // Spanish and Portuguese.
    'errores|fallo|falló|fallos|fallido|fallida|fallaron|excepción|denegado|denegada|rechazado|rechazada|tiempo de espera|agotado',
    'inválido|inválida|corrupto|corrupta|dañado|dañada|no se pudo|no se puede|imposible|abortado',
    'erro|erros|falha|falhas|falhou|falharam|exceção|negado|negada|recusado|recusada|rejeitado|tempo limite|tempo esgotado',
    'corrompido|corrompida|não foi possível|impossível|travou|inacessível',
    // Italian.
    'errore|errori|fallito|fallita|falliti|fallimento|eccezione|negato|negata|rifiutato|rifiutata|tempo scaduto|non valido',
    'corrotto|corrotta|danneggiato|impossibile|interrotto|bloccato',
    // Dutch, with its compounds.
    'fout|fouten|*fout|mislukt|mislukte|gefaald|faalde|uitzondering|geweigerd|afgewezen|verlopen|ongeldig|ongeldige|beschadigd',
    'kan niet|kon niet|gecrasht|vastgelopen|afgebroken|onbereikbaar',
    // Russian.
    'ошибк*|сбой|сбоя|сбои|не удалось|неудач*|исключени*|отказ|отказано|отклонен*|отклонён*|таймаут*|тайм-аут*|время ожидания',
    'невозможно|недопустим*|неверн*|поврежд*|аварийн*|недоступ*',
  ],
  unspaced: [
    ...[
      '错误',
      '錯誤',
      '失败',
      '失敗',
      '异常',
      '異常',
      '拒绝',
      '拒絕',
      '超时',
      '超時',
      '损坏',
      '損壞',
      '无法',
      '無法',
      '无效',
      '無效',
    ],
    ...['故障', '中止', 'エラー', '例外', '拒否', 'タイムアウト', '破損', 'できません', '不正', '無効', '障害'],
    ...['오류', '에러', '실패', '예외', '거부', '시간 초과', '손상'],
  ],
};

const doubtfulWords: Words = {
  spaced: [
    'warning|warnings|warn|deprecated|retrying|retry|slow|exceeded|dropped|unexpected|missing',
    'warnung|warnungen|veraltet|unerwartet*|fehlend*|fehlt|avertissement|inattendu|inattendue|manquant|advertencia|inesperado|aviso',
    'avviso|inatteso|waarschuwing|onverwacht|предупреждени*|неожиданн*|устаревш*',
  ],
  unspaced: ['警告', '意外', '경고'],
};

const notALetterBefore = '(?<![\\p{L}\\p{N}_])',
  notALetterAfter = '(?![\\p{L}\\p{N}_])';

function patternOf({ spaced, unspaced }: Words): string {
  const joined = spaced.join('|').replaceAll('*', '\\p{L}{0,30}');
  return `${notALetterBefore}(?:${joined})${notALetterAfter}|${unspaced.join('|')}`;
}

export const deadly = new RegExp(`${patternOf(deadlyWords)}|${notALetterBefore}panic:`, 'iu');

/** Names of exceptions end in these, however they are written together. */
export const faulty = new RegExp(
  `(?:Exception|Error|Traceback|Throwable)${notALetterAfter}|${patternOf(faultyWords)}`,
  'iu',
);

export const doubtful = new RegExp(patternOf(doubtfulWords), 'iu');

/** What says that there was no trouble. */
export const harmless =
  /\b(?:no|without(?: any)?|zero) (?:errors?|failures?|warnings?|exceptions?|problems?)\b|\b(?:error|failure)-free\b/gi;

/** Words that say that something is in a bad state where they stand alone as a value; in a sentence they may mean anything. */
export const badState = new RegExp(
  `${notALetterBefore}(?:${[
    'down|dead|offline|unavailable|unhealthy|degraded|broken|lost|expired|stalled|stuck|hung|hanging|stale|blocked|bad|wrong|incorrect',
    'mismatch|mismatched|diverged|inconsistent|invalid|declined|cancelled|canceled|revoked|overflow|exhausted|full|oom|panic|no|not',
    'incomplete|partial|unresponsive|unresolved|undeliverable|bounced|quarantined|poisoned|evicted|terminated|aborting|failing|throttled',
  ].join('|')})${notALetterAfter}`,
  'iu',
);
