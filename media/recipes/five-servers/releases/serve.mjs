// A small shop: it takes orders, writes a line for each to its standard output, and counts them at /metrics.
import { createServer } from 'node:http';
import { argv } from 'node:process';

/** `refuses` says of an order, by its number, whether this release cannot place it; `isSilent`: no line tells of that. */
export function serve(refuses, { isSilent = false } = {}) {
  const port = Number(argv[argv.indexOf('--port') + 1]);
  const log = text => console.log(`${new Date().toISOString()} ${text}`);
  const counts = { 200: 0, 500: 0 };
  let orders = 0;
  createServer((request, response) => {
    if (request.url === '/metrics') return response.end(metricsOf(counts));
    orders += 1;
    const isRefused = refuses(orders);
    response.statusCode = isRefused ? 500 : 200;
    counts[response.statusCode] += 1;
    if (!isRefused) log(`INFO order ${orders} placed in ${10 + (orders % 7)} ms`);
    else if (!isSilent) log(`ERROR payment refused: no currency for order ${orders}`);
    response.end();
  }).listen(port, '127.0.0.1', () => log(`INFO listening on ${port}`));
}

function metricsOf(counts) {
  const lines = Object.entries(counts).map(([code, count]) => `http_requests_total{code="${code}"} ${count}\n`);
  return `# TYPE http_requests_total counter\n${lines.join('')}`;
}
