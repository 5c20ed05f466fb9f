// Access to Datadog: two keys, and the limits that its answers tell.
import type { Access } from '../transport/ownServer.ts';

export const datadogAccess: Access = {
  limits: { concurrent: 4, requests: 10, perMs: 1_000 },
  authorize(_, key) {
    const [apiKey = '', applicationKey = ''] = key.split(':');
    return { 'DD-API-KEY': apiKey, ...(applicationKey !== '' && { 'DD-APPLICATION-KEY': applicationKey }) };
  },
  translate(answer) {
    const afterSec = answer.headers['x-ratelimit-reset'];
    return answer.status === 429 && answer.headers['retry-after'] === undefined && afterSec !== undefined
      ? { ...answer, headers: { ...answer.headers, 'retry-after': afterSec } }
      : answer;
  },
  /** The last request of the period was answered. */
  pauseAfter({ status, headers }) {
    const afterSec = Number(headers['x-ratelimit-reset'] ?? NaN);
    return status < 300 && Number(headers['x-ratelimit-remaining'] ?? NaN) === 0 && afterSec > 0
      ? afterSec * 1_000
      : undefined;
  },
};
