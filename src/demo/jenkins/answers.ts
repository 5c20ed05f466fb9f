// What every route of the local Jenkins answers with: JSON cut to the requested tree, error pages, redirects.
import { jsonResponse, type DemoRequest, type DemoResponse } from '../servers/httpServer.ts';
import { parseTree, selectTree } from './tree.ts';

export function answerJson(request: DemoRequest, view: (whole: boolean) => unknown): DemoResponse {
  const headers = { 'Content-Type': 'application/json;charset=utf-8' };
  const asked = request.query.get('tree');
  if (asked === null || asked === '')
    return jsonResponse(200, view(Number(request.query.get('depth') ?? 0) > 0), headers);
  const tree = parseTree(asked);
  return tree
    ? jsonResponse(200, selectTree(view(true), tree), headers)
    : page(400, 'The tree parameter cannot be read');
}

const reasons: ReadonlyMap<number, string> = new Map([
  [400, 'Bad Request'],
  [401, 'Invalid password/token for the user'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'This URL requires POST'],
  [429, 'Too Many Requests'],
  [500, 'Oops! A problem occurred while processing the request'],
  [503, 'Service Unavailable'],
]);

export function failWith(status: number): DemoResponse {
  return page(
    status,
    reasons.get(status) ?? `Error ${status}`,
    status === 401 ? { 'WWW-Authenticate': 'Basic realm="Jenkins"' } : {},
  );
}

/** Jenkins reports the error in `X-Error` too. */
export function page(status: number, title: string, headers: DemoResponse['headers'] = {}): DemoResponse {
  const body = `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return {
    status,
    headers: { 'Content-Type': 'text/html;charset=utf-8', ...(status >= 400 && { 'X-Error': title }), ...headers },
    body,
  };
}
