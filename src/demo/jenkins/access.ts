// Who may call the local Jenkins: user and password, crumbs against forged requests, permissions.
import { createHash, randomUUID } from 'node:crypto';
import type { Faults } from '../faults/faults.ts';
import {
  basicCredentials,
  cookiesOf,
  jsonResponse,
  type DemoRequest,
  type DemoResponse,
} from '../servers/httpServer.ts';
import type { JenkinsJob } from './builds.ts';
import { failWith, page } from './answers.ts';

export interface JenkinsOptions {
  readonly sleep: (durationMs: number) => Promise<void>;
  /** They also provide the clock. */
  readonly faults: Faults;
  readonly user: string;
  readonly token: string;
  /** A password session needs a crumb for every POST; a token does not. */
  readonly password?: string;
  readonly jobs: readonly JenkinsJob[];
  /** How long a build waits in the queue, unless `delay=` says otherwise. */
  readonly quietMs?: number;
  /** Maximum number of builds at the same time; 10 by default. */
  readonly executors?: number;
}

const sessionCookie = 'JSESSIONID.demo';

export function checkAccess(options: JenkinsOptions, request: DemoRequest): DemoResponse | undefined {
  const { user, token, password } = options;
  const given = basicCredentials(request);
  if (!given)
    return page(403, 'Authentication required', {
      'X-You-Are-Authenticated-As': 'anonymous',
      'X-Required-Permission': 'hudson.model.Hudson.Read',
    });
  const byPassword = password !== undefined && given.password === password;
  if (given.user !== user || (given.password !== token && !byPassword)) return failWith(401);
  const session = cookiesOf(request).get(sessionCookie);
  if (
    byPassword &&
    request.method === 'POST' &&
    (session === undefined || request.headers['jenkins-crumb'] !== crumbOf(options, session))
  ) {
    return page(403, 'No valid crumb was included in the request');
  }
  return undefined;
}

/** A crumb is valid only in its session. */
function crumbOf({ user, password = '' }: JenkinsOptions, session: string): string {
  return createHash('sha256')
    .update(JSON.stringify([user, password, session]))
    .digest('hex');
}

export function issueCrumb(options: JenkinsOptions, request: DemoRequest): DemoResponse {
  const known = cookiesOf(request).get(sessionCookie),
    session = known ?? `node0${randomUUID().replaceAll('-', '')}.node0`;
  return jsonResponse(
    200,
    {
      _class: 'hudson.security.csrf.DefaultCrumbIssuer',
      crumb: crumbOf(options, session),
      crumbRequestField: 'Jenkins-Crumb',
    },
    known === undefined ? { 'Set-Cookie': `${sessionCookie}=${session}; Path=/; HttpOnly` } : {},
  );
}

/** The user of this server can read, build and cancel; everything else is refused as Jenkins refuses it. */
export function lacking({ user }: JenkinsOptions, permission: string): DemoResponse {
  return page(403, `${user} is missing the ${permission} permission`);
}
