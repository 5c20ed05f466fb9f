// Signs a request in the way of AWS (Signature Version 4): the secret key itself is never sent.
import { createHash, createHmac } from 'node:crypto';

export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  /** Those that are signed, beside `host` and the date. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Signer {
  readonly keyId: string;
  readonly secret: string;
  /** Of credentials that last for a time. */
  readonly token?: string;
  readonly region: string;
  readonly service: string;
}

/** The headers to add. The address has no query string. */
export function sign(request: SignedRequest, signer: Signer, nowMs: number): Record<string, string> {
  const stamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, ''),
    day = stamp.slice(0, 8),
    { host, pathname } = new URL(request.url);
  const added = { 'X-Amz-Date': stamp, ...(signer.token !== undefined && { 'X-Amz-Security-Token': signer.token }) };
  const headers = Object.entries({ ...request.headers, ...added, Host: host })
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const names = headers.map(([name]) => name).join(';');
  const canonical = [
    request.method,
    pathname,
    '',
    ...headers.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    digest(request.body),
  ].join('\n');
  const scope = `${day}/${signer.region}/${signer.service}/aws4_request`,
    text = ['AWS4-HMAC-SHA256', stamp, scope, digest(canonical)].join('\n');
  const key = [day, signer.region, signer.service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${signer.secret}`,
  );
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${signer.keyId}/${scope}, SignedHeaders=${names}, ` +
    `Signature=${hmac(key, text).toString('hex')}`;
  return { ...added, Authorization: authorization };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
