// Requests that a server answered, in the layouts of access logs: what was asked for, and how it was answered. The rest
// differs from line to line.
import { pathOf } from './requestPath.ts';

export interface WebRequest {
  /** '' where it is not known. */
  readonly method: string;
  /** What the application names; parts that differ from request to request are holes. '' where it is not known. */
  readonly path: string;
  /** `1xx` to `5xx`. */
  readonly status: string;
}

interface AccessLayout {
  readonly name: string;
  /** Where the layout is published. */
  readonly source: string;
  /** Named groups `method`, `target` and `status`; all but the last may be left out. Linear in the length of a line. */
  readonly pattern: RegExp;
}

const method =
  '(?<method>GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PROPFIND|PROPPATCH|MKCOL|' +
  'COPY|MOVE|LOCK|UNLOCK|REPORT|SEARCH|PURGE|QUERY)';
const target = '(?<target>[^\\s"]{1,4000})',
  status = '(?<status>[1-5]\\d\\d)';

export const accessLayouts: readonly AccessLayout[] = [
  {
    name: 'AWS Application Load Balancer',
    source: 'docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html',
    pattern: new RegExp(
      `^(?:https?|h2|grpcs?|wss?) \\S+ \\S+ \\S+ \\S+ \\S+ \\S+ \\S+ ${status} \\S+ \\d+ \\d+ "${method} ${target}`,
    ),
  },
  {
    name: 'AWS Classic Load Balancer',
    source: 'docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html',
    pattern: new RegExp(
      `^\\d{4}-\\S+Z \\S+ \\S+ \\S+ -?[\\d.]+ -?[\\d.]+ -?[\\d.]+ ${status} \\S+ \\d+ \\d+ "${method} ${target}`,
    ),
  },
  {
    name: 'HAProxy, HTTP log',
    source: 'docs.haproxy.org/3.0/configuration.html, 8.2.3',
    pattern: new RegExp(
      ` [-+\\d]+/[-+\\d]+/[-+\\d]+/[-+\\d]+/[-+\\d]+ ${status} [-+\\d]+ \\S+ \\S+ \\S{4} [\\d/+]+ \\d+/\\d+ ` +
        `(?:\\{[^}]*\\} ){0,2}"${method} ${target}`,
    ),
  },
  {
    name: 'Common and combined log format, Envoy, nginx, uvicorn, gunicorn, werkzeug, Traefik, Kong, morgan common',
    source:
      'httpd.apache.org/docs/2.4/logs.html, envoyproxy.io/docs (access log, default format string), ' +
      'nginx.org (log_format)',
    pattern: new RegExp(`"(?:\\S{1,100} )?${method} ${target}(?: [A-Z]+/[\\d.]+)?" ${status}(?![\\d.])`),
  },
  {
    name: 'Squid, native',
    source: 'wiki.squid-cache.org/Features/LogFormat',
    pattern: new RegExp(`^\\d+\\.\\d+ +\\d+ \\S+ [A-Z_]{3,40}/${status} \\d+ ${method} ${target} `),
  },
  {
    name: 'go-chi',
    source: 'github.com/go-chi/chi, middleware/logger.go',
    pattern: new RegExp(`"${method} ${target}(?: HTTP/[\\d.]+)?" from \\S+ - ${status} `),
  },
  {
    name: 'gin',
    source: 'github.com/gin-gonic/gin, logger.go',
    pattern: new RegExp(`^\\[GIN\\] .{0,40}\\| +${status} \\|[^|]*\\|[^|]*\\| *${method} +"?${target}`),
  },
  {
    name: 'Fiber',
    source: 'docs.gofiber.io/api/middleware/logger',
    pattern: new RegExp(`\\| +${status} \\|[^|]*\\|[^|]*\\| *${method} +\\| *${target}`),
  },
  {
    name: 'W3C extended, the fields that IIS logs by default',
    source: 'learn.microsoft.com/windows/win32/http/w3c-logging',
    pattern: new RegExp(
      `^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d (?:\\S+ ){1,3}${method} ${target} \\S+ \\d{1,5} \\S+ \\S+ \\S+ ` +
        `(?:\\S+ )?(?:\\S+ )?${status} \\d+ \\d+(?: \\d+){0,3}\\s*$`,
    ),
  },
  {
    name: 'ASP.NET Core hosting',
    source: 'github.com/dotnet/aspnetcore, Hosting/src/Internal/HostingRequestFinishedLog.cs',
    pattern: new RegExp(`Request finished HTTP/\\S+ ${method} ${target} (?:\\S+ \\S+ )?- ${status} `),
  },
  {
    name: 'Serilog request logging',
    source: 'github.com/serilog/serilog-aspnetcore',
    pattern: new RegExp(`HTTP "?${method}"? "?${target}"? responded ${status}(?!\\d)`),
  },
  {
    name: 'Rails',
    source: 'github.com/rails/rails, action_controller/log_subscriber.rb',
    pattern: new RegExp(`(?:^|[\\s:])Completed ${status} [A-Z][\\w ]{1,40} in \\d`),
  },
  {
    name: 'Phoenix',
    source: 'hexdocs.pm/phoenix/Phoenix.Logger.html',
    pattern: new RegExp(`(?:^|\\s)Sent ${status} in \\d`),
  },
  {
    name: 'morgan dev, tiny and short, CouchDB',
    source: 'github.com/expressjs/morgan, docs.couchdb.org/en/stable/config/logging.html',
    pattern: new RegExp(`(?:^|[\\s\\]])${method} ${target}(?: HTTP/[\\d.]+)? ${status}(?=\\s|$)`),
  },
  {
    name: 'Canonical pebble, and others with the time taken before the status',
    source: 'github.com/canonical/pebble, internals/daemon/daemon.go',
    pattern: new RegExp(`(?:^|[\\s\\]])${method} ${target} [\\d.]+(?:ns|\u00b5s|\u03bcs|us|ms|s|m) ${status}(?=\\s|$)`),
  },
];

const longestLooked = 8_000,
  anyMethod =
    /(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PROP|MKCOL|COPY|MOVE|LOCK|REPORT|SEARCH|PURGE|QUERY)\b|Completed [1-5]|Sent [1-5]/;

/** The layout that a line has; undefined where it tells of no request. */
export function accessLayoutOf(text: string): AccessLayout | undefined {
  const looked = text.slice(0, longestLooked);
  return anyMethod.test(looked) ? accessLayouts.find(({ pattern }) => pattern.test(looked)) : undefined;
}

/** The request in a line of a layout, or of any. Undefined for any other line. */
export function readAccess(text: string, layout = accessLayoutOf(text)): WebRequest | undefined {
  const found = layout?.pattern.exec(text.slice(0, longestLooked))?.groups;
  return found ? requestOf(found['method'] ?? '', found['target'] ?? '', Number(found['status'])) : undefined;
}

/** A request by its parts; undefined where the status is none of HTTP. */
export function requestOf(asked: string, path: string, code: number): WebRequest | undefined {
  return Number.isInteger(code) && code >= 100 && code <= 599
    ? {
        method: /^[A-Za-z]{3,12}$/.test(asked) ? asked.toUpperCase() : '',
        path: pathOf(path),
        status: `${Math.floor(code / 100)}xx`,
      }
    : undefined;
}
