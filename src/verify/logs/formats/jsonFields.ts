// Where JSON log lines have their message, level, logger, error and request: the names that published formats give
// them.

/** The first that is there counts. */
export const messageKeys = [
  ...[
    'message',
    'msg',
    '@message',
    '@m',
    'short_message',
    'MESSAGE',
    'Message',
    'textPayload',
    'log',
    'event',
    'text',
    'body',
    'Body',
  ],
  ...[
    '_msg',
    'log_message',
    'logMessage',
    'RenderedMessage',
    'renderedMessage',
    'FormattedMessage',
    'formattedMessage',
    '@mt',
    'MessageTemplate',
  ],
  ...[
    'messageTemplate',
    'resultDescription',
    'ResultDescription',
    'description',
    'detail',
    'details',
    'desc',
    'reason',
    'title',
  ],
  ...['error', 'err', 'exception', 'Exception'],
];

export const levelKeys = [
  ...[
    'level',
    'severity',
    'lvl',
    'levelname',
    'loglevel',
    'logLevel',
    'LogLevel',
    'log_level',
    'log.level',
    'Level',
    'Severity',
    '@level',
    '@l',
  ],
  ...[
    'level_name',
    'severityText',
    'severity_text',
    'SeverityText',
    'severityNumber',
    'severity_number',
    'SeverityNumber',
    'error_severity',
  ],
  ...[
    'PRIORITY',
    'priority',
    'severityLevel',
    'SeverityLevel',
    'level_value',
    'levelno',
    'syslog.severity',
    'LEVEL',
    'sev',
    's',
    'l',
  ],
];

export const loggerKeys = [
  ...[
    'logger',
    'logger_name',
    'loggerName',
    'log.logger',
    'Logger',
    'name',
    'target',
    'SourceContext',
    'Category',
    'category',
    'CategoryName',
  ],
  ...['component', 'module', 'channel', 'logName', 'SYSLOG_IDENTIFIER', 'c', 'otelScopeName'],
];

/** Objects in which a logger keeps what it was told. */
export const holders = [
  ...[
    'fields',
    'jsonPayload',
    'record',
    'data',
    'payload',
    'properties',
    'Properties',
    'attributes',
    'log',
    'context',
    'State',
    'entry',
    'event',
  ],
];

/**
 * Lists of records that one line may hold, and the lists in which these may lie again (OTLP, AWS log
 * subscriptions, Azure diagnostics, Google entries).
 */
export const listKeys = [
  'resourceLogs',
  'scopeLogs',
  'instrumentationLibraryLogs',
  'logRecords',
  'logEvents',
  'records',
  'entries',
];

export const errorKeys = [
  'error',
  'err',
  'exception',
  'Exception',
  'error.message',
  'errorMessage',
  'error_message',
  'exc_info',
  'exception.message',
  'exception_message',
  'exceptionMessage',
  'reason',
  'cause',
];

/** The same beside a message whose level says that something is wrong; elsewhere they may be of anything. */
export const troubleKeys = [
  ...[
    'detail',
    'details',
    'errors',
    'errmsg',
    'err_msg',
    'error_msg',
    'error_description',
    'failure',
    'exception.type',
  ],
  ...['exception.class', 'Error', 'ErrorMessage', 'ExceptionMessage', 'Reason', 'Cause', 'Detail', 'Details'],
];

/** Exit statuses of programs (POSIX.1-2024, Shell and Utilities, 2.8.2). */
export const exitKeys = [
  ...['exit_code', 'exitCode', 'ExitCode', 'exitcode', 'exit_status', 'exitStatus', 'EXIT_STATUS', 'exit.code'],
  ...['return_code', 'returnCode', 'returncode', 'process.exit_code', 'rc'],
];

export const traceKeys = [
  ...[
    'stack_trace',
    'stackTrace',
    'stacktrace',
    'stack',
    'exception',
    'exc_info',
    'exc_text',
    'error.stack_trace',
    'err',
    'error',
    'throwable',
  ],
  ...[
    'traceback',
    '@x',
    'Exception',
    'full_message',
    'errorVerbose',
    'exception.stacktrace',
    'error.stack',
    'thrown',
    'backtrace',
  ],
];

/** In an error that is an object. */
export const traceParts = [
    'stack',
    'stack_trace',
    'stacktrace',
    'stackTrace',
    'extendedStackTrace',
    'backtrace',
    'trace',
  ],
  errorParts = ['message', 'Message', 'msg', 'reason', 'type', 'class', 'name'];

export const statusKeys = [
  ...[
    'status',
    'statusCode',
    'status_code',
    'StatusCode',
    'http_status',
    'httpStatus',
    'http_status_code',
    'httpStatusCode',
    'response_code',
  ],
  ...[
    'responseCode',
    'response_status',
    'responseStatus',
    'resp_status',
    'DownstreamStatus',
    'http.status_code',
    'http.response.status_code',
  ],
  ...['http.status', 'sc-status', 'sc_status', 'elb_status_code', 'status-code'],
];
export const methodKeys = [
  ...[
    'method',
    'requestMethod',
    'request_method',
    'RequestMethod',
    'httpMethod',
    'http_method',
    'http.method',
    'http.request.method',
    'verb',
  ],
  ...['cs-method', 'Method'],
];
export const pathKeys = [
  ...[
    'path',
    'url',
    'uri',
    'requestUrl',
    'request_uri',
    'requestURI',
    'requestUri',
    'RequestPath',
    'request_path',
    'x-envoy-origin-path',
    'Path',
  ],
  ...[
    'http.target',
    'url.path',
    'http.route',
    'http.path',
    'route',
    'originalUrl',
    'original_url',
    'resourcePath',
    'cs-uri-stem',
  ],
];

/** Objects that hold the parts of a request and of its answer. */
export const requestHolders = [
  'httpRequest',
  'http',
  'req',
  'request',
  'Request',
  'res',
  'response',
  'Response',
  'responseStatus',
  'http_request',
];
