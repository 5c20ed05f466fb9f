// The words and phrases of trouble, by how much one of them says.

/**
 * Whole words and phrases, `|` between them; `*` at the end of a word stands for any letters, at its beginning for the
 * first part of a compound.
 */
export const deadlyWords = [
  'out of memory|outofmemory|outofmemoryerror|oom|oomkilled|no memory left|segmentation fault|segfault',
  'bus error|core dumped',
  'kernel panic|stackoverflowerror|panicked|deadlock|data corruption|fatal|fatally|stack smashing',
  'addresssanitizer|terminate called|double free|pure virtual method|general protection fault|soft lockup',
  'unexpected fault address|sigsegv|sigabrt|sigbus|sigill|sigfpe|hard lockup|double fault|memory corruption',
  'heap corruption|use after free|kernel oops',
  // German, French, Spanish and Portuguese, Italian, Dutch, Russian.
  'schwerwiegend*|absturz|abgestürzt|kein speicher mehr|mémoire insuffisante|plantage|memoria insuficiente',
  'memória insuficiente',
  'fatale|fataal|fatales|memoria esaurita|onvoldoende geheugen|критическ*|фатальн*|нехватка памяти|паника ядра',
  // Polish, Swedish, Turkish, Czech, Arabic.
  'krytyczn*|brak pamięci|slut på minne|yetersiz bellek|kritická chyba|nedostatek paměti|نفدت الذاكرة',
];

/** Words that say that something went wrong, whatever stands beside them. */
export const faultyWords = [
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
  'out of disk|out of space|out of file descriptors|stopped unexpectedly|terminated unexpectedly|exited unexpectedly',
  'died unexpectedly|closed unexpectedly|quit unexpectedly|unrecoverable|irrecoverable|uncorrectable',
  'remounting filesystem read only|has no server available',
  'unrecoverably',
  // German.
  '*fehler|*fehlern|fehlerhaft*|fehlgeschlagen*|schlug fehl|gescheitert|scheiterte|*ausnahme|verweigert*',
  'abgelehnt*|abgewiesen*',
  'zeitüberschreitung|ungültig*|beschädigt*|abgebrochen|abbruch|konnte nicht|konnten nicht|kann nicht',
  'nicht möglich|nicht erreichbar|misslungen|missglückt|verloren gegangen|abgestürzt*',
  // French.
  'erreur|erreurs|échec|échecs|échoué|échouée|échoue|refusé|refusée|rejeté|rejetée|délai dépassé',
  "délai d'attente|expiré|expirée",
  'invalide|corrompu|corrompue|impossible|abandonné|interrompu|interrompue|inaccessible|échouées|échoués',
  'endommagé|endommagée|injoignable|introuvable',
  // Spanish.
  'errores|fallo|falló|fallos|fallido|fallida|fallaron|excepción|denegado|denegada|rechazado|rechazada',
  'tiempo de espera|agotado',
  'inválido|inválida|corrupto|corrupta|dañado|dañada|no se pudo|no se puede|imposible|abortado|abortada',
  'fallidos|fallidas|inaccesible|interrumpido|interrumpida|averiado|averiada',
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
  // Polish.
  'błąd|błędy|błędu|błędów|błędem|nieudan*|nie powiodł*|nie można|nie udało|odmowa|odmówiono|odrzucon*',
  'uszkodzon*|nieprawidłow*|niedostępn*|wyjątek|awaria|awarii|przekroczono limit|przekroczono czas',
  // Swedish.
  'kraschade|felaktig*|misslyckades|misslyckats|misslyckad|nekad|nekades|avvisad|avvisades|avbröts|skadad',
  'ogiltig*|otillgänglig*|kunde inte|kan inte|gick inte|undantag|oåtkomlig*|anslutningsfel',
  // Turkish.
  'hata|hatalar|hatası*|başarısız*|reddedildi|geçersiz*|zaman aşımı|bozuk|bozuldu|ulaşılamıyor',
  'ulaşılamadı|bulunamadı|yapılamadı|kurulamadı|açılamadı|bağlanılamadı|çöktü|istisna',
  // Czech.
  'chyba|chyby|chybě|chybou|selhal*|selhán*|nelze|zamítnut*|odmítnut*|neplatn*|poškozen*|nedostupn*|výjimka',
  'nepodařilo|vypršel časový limit|přerušen*',
  // Arabic.
  'خطأ|الخطأ|أخطاء|فشل|فشلت|الفشل|تعذر|تعذّر|استثناء|مرفوض|رفض|تالف|غير صالح|غير صالحة|انتهت المهلة',
  'غير متاح|غير متاحة',
];

/**
 * Words that speak of trouble mostly, and of something usual now and then: one line of them says little, several do. A
 * word that means many things stands here with what makes it trouble.
 */
export const doubtfulWords = [
  'warning|warnings|warn|deprecated|retrying|retry|slow|exceeded|dropped|unexpected|missing|already exists|expired',
  'mismatch|not available|not found|conflict|overloaded|unhealthy|disconnected',
  'unauthorized|unauthenticated|forbidden|unsupported|not supported|incompatible|malformed|degraded|stalled',
  'backing off|back off|lagging behind|falling behind',
  'breaker is open|breaker open|circuit is open|circuit open',
  // States.
  'is down|are down|was down|went down|goes down|link down|marked down|marked as down|reported down|is dead',
  'are dead|marked dead|marked as dead|declared dead|marked as failed|presumed dead|is full|are full|log full',
  'table full|queue full|pool full|buffer full|nearly full|almost full|is stale|became stale|went stale',
  'is stuck|are stuck|got stuck|stuck in|is hung|has hung|hung task|became inactive|went inactive',
  'became unresponsive|unresponsive|became read only|is read only|switched to read only|remounted read only',
  'filesystem read only|is critical|went critical|in critical state|is inconsistent|are inconsistent|inconsistency',
  'out of sync|split brain|fenced|quarantined|starvation|starved|livelock|diverged|inaccessible',
  'is wedged|is broken|are broken|damaged',
  // What is not as it should be.
  'no longer available|no longer reachable|no longer responding|no longer valid|no healthy upstream',
  'nicht verfügbar|nicht bereit|nicht gefunden|nicht bezahlt|nicht zustellbar|nicht zugestellt|nicht verbunden',
  'nicht beschreibbar|nicht vorhanden|nicht abgeschlossen|nicht gespeichert|nicht gesendet|antwortet nicht',
  'non disponible|pas disponible|pas prêt|pas prête|pas trouvé|pas trouvée|non trouvé|ne répond pas|pas autorisé',
  'no disponible|no está disponible|no está listo|no encontrado|no encontrada|no responde|no autorizado',
  'não disponível|não encontrado|não encontrada|não responde|não está pronto|não autorizado',
  'non disponibile|non trovato|non trovata|non raggiungibile|non risponde|non pronto|non autorizzato',
  'niet gevonden|niet gereed|niet verbonden|reageert niet|не отвечает|не найден|не найдена|не найдено|не готов',
  'nie odpowiada|nie znaleziono|nie jest gotowy|nie gotowy|inte tillgänglig|inte redo|svarar inte|hittades inte',
  'yanıt vermiyor|hazır değil|kullanılamıyor|není připraven|nenalezen*|neodpovídá|není dostupný',
  'غير جاهز|لا يستجيب|غير موجود',
  // What happened to a thing or a wish.
  'lost|rolled back|rolling back|bounced|discarded|declined|revoked|undeliverable|undelivered',
  'cancelled|canceled|canceling statement|evicting node|evicted pod',
  'replication stopped|stopped responding|stopped working|stopped replicating|has stopped because|stopped due to',
  'memory leak|leak detected|leaked|buffer overflow|stack overflow|queue overflow|integer overflow|overflowed',
  'buffer overrun|buffer underrun|brute force|tampered|interrupted by|gone away',
  'unexpectedly|backlog growing|saturated|thrashing|congested|throttled',
  // The kernel, databases, runtimes and signals.
  'blocked for more than|self detected stall|call trace|possible syn flooding|hardware error',
  'no carrier|medium error|reset adapter|table overflow',
  'duplicate key|duplicate entry|constraint violated|snapshot too old|was interrupted|not properly shut down',
  'was not shut down|recovery required|needs recovery|log sequence gap|torn page',
  'exited on signal|terminated by signal|misconfigured|kicked out|sigkill|sigxcpu|sigxfsz|sigsys',
  'got killed|no quorum|no response|no heartbeat',
  'missed heartbeat|missed heartbeats|heartbeat missed|rate limited|restart loop|crashloopbackoff|imagepullbackoff',
  'warnung|warnungen|veraltet|unerwartet*|fehlend*|fehlt|avertissement|inattendu|inattendue',
  'manquant|advertencia|inesperado|aviso',
  // German, French, Spanish, Portuguese and Italian, Dutch, Russian.
  'verloren|storniert*|abgelaufen|überlastet|getrennt|unterbrochen|ausgefallen|ausfall|überschritten',
  'ist voll|speicher voll|platte voll|warteschlange voll|festplatte voll',
  'perdu|perdue|perdus|perdues|annulé|annulée|dépassé|dépassée|déconnecté|déconnectée|surchargé',
  'disque plein|mémoire pleine|file pleine|est plein|est pleine|hors service|hors ligne|en panne',
  'perdida|perdido|perdidos|caído|caída|caducado|caducada|vencido|cancelado|cancelada|anulado',
  'disco lleno|está lleno|está llena|memoria llena|cola llena|sobrecargado|desconectado|desconectada',
  'interrompida|interrompido|expirado|expirada|disco cheio|está cheio|está cheia',
  'perduto|perduta|persa|annullato|annullata|scaduto|scaduta|disconnesso|disco pieno|è pieno|è piena',
  'verbroken|geannuleerd|verloren gegaan|schijf vol|is vol|niet beschikbaar|niet bereikbaar',
  'потерян*|потеря|отменен*|отменён*|истек|истёк|истекл*|переполнен*|отключен*|отключён*|разорван*',
  // Polish, Swedish, Turkish, Czech, Arabic.
  'ostrzeżeni*|przerwan*|utracon*|anulowan*|wygasł*|rozłączon*|przepełnion*|przeciążon*|pełny dysk|dysk pełny',
  'varning|fel|felet|förlorad|förlorades|avbruten|utgången|överbelastad|frånkopplad|disken full',
  'uyarı|kayboldu|kaybedildi|iptal edildi|süresi doldu|disk dolu|kesildi|koptu',
  'varování|ztracen*|zrušen*|vypršel*|přetížen*|odpojen*|disk plný|disk je plný',
  'تحذير|مفقود|فقد|فقدان|انقطع|انقطاع|ألغي|ملغى|ممتلئ|انتهت صلاحية|انتهت الصلاحية',
  'avviso|inatteso|waarschuwing|onverwacht|предупреждени*|неожиданн*|устаревш*',
];

/** Chinese, Japanese and Korean have theirs anywhere, since no space stands between words. */
export const unspaced: readonly (readonly [1 | 2 | 3, RegExp])[] = [
  [3, /致命|宕机|宕機|崩溃|崩潰|内存不足|內存不足|内存溢出|メモリ不足|クラッシュ|致命的|치명적|메모리 부족/],
  [
    2,
    /错误|錯誤|失败|失敗|异常|異常|拒绝|拒絕|超时|超時|损坏|損壞|无法|無法|无效|無效|故障|中止|エラー|例外|拒否|タイムアウト|破損|できません|不正|無効|障害|오류|에러|실패|예외|거부|시간 초과|손상/,
  ],
  [
    1,
    /警告|意外|停止(?:响应|響應|运行|工作)|断开|斷開|断连|掉线|离线|離線|丢失|丟失|丢弃|中断|中斷|过期|過期|取消|不可用|不可达|不存在|未就绪|未就緒|已满|不足|冲突|衝突|回滚|死锁|已降级|触发限流|已熔断|が停止|切断|期限切れ|見つかりません|応答なし|応答がありません|不足|喪失|失われ|満杯|いっぱい|利用不可|利用できな|接続できな|重複|경고|중단|중지되었|끊김|끊어|끊겼|만료|취소|유실|손실|불가|부족|초과/,
  ],
];

/**
 * Words that say that something is in a bad state where they stand alone as a value; in a sentence they may mean
 * anything.
 */
export const badStates = new Set(
  [
    'down dead offline unavailable unhealthy degraded broken lost expired stalled stuck hung hanging stale',
    'blocked bad wrong incorrect mismatch mismatched diverged inconsistent declined cancelled canceled',
    'revoked overflow exhausted full panic incomplete partial unresponsive unresolved undeliverable bounced',
    'quarantined poisoned evicted terminated aborting throttled rejecting disconnected',
  ]
    .join(' ')
    .split(' '),
);

/** Words that a state is called by, and that mean other things elsewhere. */
export const shownStates = new Set('red critical fenced inactive suspended'.split(' '));

/**
 * What a known statement says newly in one place that makes it worth a warning: a bad state, that something is not so,
 * or that it stopped. None of it is trouble in a sentence of its own.
 */
export const turned = new Set(
  (
    'not no never none without false nok ko red critical stopped halted suspended paused inactive fenced missing ' +
    'nicht kein keine gestoppt angehalten pas non ne aucun arrêté arrêtée sin ningún detenido ' +
    'detenida não nenhum parado ' +
    'nessun fermato niet geen gestopt не нет остановлен остановлена nie brak zatrzymano zatrzymany ' +
    'inte ingen stoppad ' +
    'değil yok durduruldu není žádný zastaven غير ليس لا توقف 非 未 不 无 無 已停止 停止 停止中'
  ).split(' '),
);
