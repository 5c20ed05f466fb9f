// The published formats of JSON log lines whose levels mean something of their own, and the fields that tell them.

/** Which scale a number is a level of. */
export type LevelScale =
  'syslog' | 'pino' | 'openTelemetry' | 'monolog' | 'python' | 'logback' | 'applicationInsights' | 'google' | 'windows';

interface JsonFormat {
  readonly name: string;
  /** Where the format is published. */
  readonly source: string;
  /** The fields that tell that an object is of this format. All must be there, by the names that follow. */
  readonly has: readonly string[];
  readonly scale?: LevelScale;
  /** The level of an object that names none. */
  readonly unnamed?: 'info';
}

/**
 * Formats whose numbers or silences mean something of their own; all others are read by the names of their fields
 * alone.
 */
export const jsonFormats: readonly JsonFormat[] = [
  {
    name: 'GELF 1.1',
    source: 'go2docs.graylog.org, Graylog Extended Log Format',
    has: ['short_message'],
    scale: 'syslog',
  },
  { name: 'journald JSON', source: 'systemd.io/JOURNAL_EXPORT_FORMATS', has: ['MESSAGE'], scale: 'syslog' },
  {
    name: 'OpenTelemetry',
    source: 'opentelemetry.io/docs/specs/otel/logs/data-model',
    has: ['severityNumber'],
    scale: 'openTelemetry',
  },
  { name: 'OpenTelemetry, exporters', source: 'the same', has: ['severity_number'], scale: 'openTelemetry' },
  { name: 'OpenTelemetry, collector', source: 'the same', has: ['SeverityNumber'], scale: 'openTelemetry' },
  { name: 'Monolog', source: 'github.com/Seldaek/monolog, JsonFormatter', has: ['level_name'], scale: 'monolog' },
  { name: 'Monolog, short', source: 'the same', has: ['channel', 'message'], scale: 'monolog' },
  {
    name: 'Windows event',
    source: 'learn.microsoft.com/windows/win32/wes/eventmanifestschema-leveltype-complextype',
    has: ['EventID', 'Level'],
    scale: 'windows',
  },
  { name: 'CLEF', source: 'clef-json.org', has: ['@mt'], unnamed: 'info' },
  { name: 'CLEF, rendered', source: 'clef-json.org', has: ['@m'], unnamed: 'info' },
  {
    name: 'logstash-logback-encoder',
    source: 'github.com/logfellow/logstash-logback-encoder',
    has: ['level_value'],
    scale: 'logback',
  },
  {
    name: 'Python logging',
    source: 'docs.python.org/3/library/logging.html#logging-levels',
    has: ['levelno'],
    scale: 'python',
  },
  {
    name: 'Application Insights',
    source: 'learn.microsoft.com/azure/azure-monitor/reference/tables/apptraces',
    has: ['severityLevel'],
    scale: 'applicationInsights',
  },
  {
    name: 'Application Insights, tables',
    source: 'the same',
    has: ['SeverityLevel'],
    scale: 'applicationInsights',
  },
];
