// Phrases that speak of trouble, and harmless ones that share a word with them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { severityOfWords } from '../../../../../src/verify/logs/text/severity.ts';
import { turnsBad } from '../../../../../src/verify/logs/text/troubleWords.ts';

const troubled = `
the gate to the harbour is DOWN
crane 4 went down
the lift was marked dead
the berth is not ready
berth 12 is not yet reachable
the pilot boat isn't responding
tide table was not saved
no tug available
no free berths left
the weighbridge has no server available
harbour status=critical
state: DEAD
crane health [RED]
state changed from open to broken
lamp -> DOWN
contact with the buoy lost
lost the signal of buoy 9
the pump stopped unexpectedly
the beacon stopped responding
replication stopped
the ledger was rolled back
letter to the agent bounced
three orders were discarded
the card was declined
the passage was cancelled
the berth's certificate was revoked
the hold is full
remounting filesystem read-only
the chart store became read-only
task crane:77 blocked for more than 120 seconds
INFO: rcu_sched self-detected stall on CPU
eth3: link down
duplicate key value in the berth index
snapshot too old
database system was interrupted
both halves report a split brain
replica is out of sync
the index is inconsistent
memory leak detected in the planner
buffer overflow in the decoder
terminated by signal 9
the loader got SIGKILL
quorum lost
cargo_rejected
published BerthLeaseExpired for berth 4
PERMISSION_DENIED
Verbindung zum Lotsen verloren
Liegeplatz nicht verfügbar
der Tank: Speicher voll
la liaison est perdue
disque plein sur la grue
conexión perdida con la boya
el disco lleno
соединение потеряно: связь потеряна
błąd zapisu dziennika
anslutningen till kajen misslyckades
liman bağlantısı kurulamadı
spojení s majákem selhalo
فشل تسجيل الرحلة
与灯塔的连接断开
灯台との接続が切断されました
등대 연결이 끊김
`;

const harmless = `
shutting down the crane
the planner is going down for maintenance
scaled down to 2 cranes
crane stopped
the pump stopped after its shift
0 failed, 12 passed
failover test passed
found lost+found on the disk
opened the lost and found
the lost password page was opened
the queue is down to 3 ships
the passage was cancelled by the customer
berth 4 is ready
the tide table was not modified
not needed here
no updates available
no new version available
no jobs left
no messages left in the queue
a critical section was entered
the critical path has 5 steps
painted the hull red
the lamp is red
opened in read-only mode
the read-only replica serves requests
ErrorHandler was registered
loaded CargoErrorHandler
berth_failed=0
"cargo_rejected": 0
on_error hook is set
onFailed was called
retry_on_failed is set
max_retry is 5
last_error is empty
connection_timeout
order_failed_total was exported
harbour/order_failed/list was opened
the full manifest was written
a full moon tide
the dead reckoning module was loaded
the deadline is at noon
ship by noon or later
downloaded the tide table
the countdown began
the download is complete
the drop-down menu was built
received SIGTERM, closing the gates
received SIGHUP, reading the charts again
MultiXact member wraparound protections are now enabled
the lock was released
the lease was renewed
mail from no-reply@harbour.example
der Dienst wurde gestoppt
le service est arrêté
el servicio detenido
voller Erfolg bei der Ladung
没有错误
发现0个错误
エラーはありません
서비스를 중지하지 않음, 오류 없음
サービスを停止しました
health=green
state: up
status: open
`;

function rowsOf(table: string): readonly string[] {
  return table.split('\n').filter(row => row !== '');
}

for (const text of rowsOf(troubled))
  void test(`"${text}" speaks of trouble`, () => {
    assert.notEqual(severityOfWords(text), 'unknown');
  });

for (const text of rowsOf(harmless))
  void test(`"${text}" is harmless`, () => {
    assert.equal(severityOfWords(text), 'unknown');
  });

for (const text of ['gates_lost', 'order lost', 'went out of sync', 'status=RED', 'not healthy'])
  void test(`"${text}" alone is no more than a warning`, () => {
    assert.equal(severityOfWords(text), 'warn');
  });

for (const word of ['not', 'DOWN', 'false', 'stopped', 'nicht', 'RED', 'order_failed', 'غير'])
  void test(`a statement that newly says "${word}" turns bad`, () => {
    assert.ok(turnsBad(word));
  });

for (const word of ['ready', 'true', 'green', 'north', 'open'])
  void test(`a statement that newly says "${word}" does not`, () => {
    assert.ok(!turnsBad(word));
  });
