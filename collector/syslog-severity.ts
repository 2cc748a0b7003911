/** A syslog severity as the record has it. */
export interface Severity {
  readonly level: string
  /** OpenTelemetry's number: https://opentelemetry.io/docs/specs/otel/logs/data-model-appendix/#appendix-b-severitynumber-example-mappings */
  readonly number: number
}

const emergency: Severity = { level: 'emergency', number: 21 }

/** By syslog's own number, 0 to 7. */
const severities: readonly Severity[] = [
  emergency,
  { level: 'alert', number: 19 },
  { level: 'critical', number: 18 },
  { level: 'error', number: 17 },
  { level: 'warn', number: 13 },
  { level: 'notice', number: 10 },
  { level: 'info', number: 9 },
  { level: 'debug', number: 5 },
]

/** Of a syslog severity; a number outside 0 to 7 counts as 0. */
export const severityOf = (code: number): Severity => severities[code] ?? emergency

/** https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1, in the words of syslog(3). */
const facilities = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron'],
  ...['authpriv', 'ftp', 'ntp', 'audit', 'alert', 'clock', 'local0', 'local1', 'local2'],
  ...['local3', 'local4', 'local5', 'local6', 'local7'],
] as const

export const facilityOf = (code: number): string => facilities[code] ?? String(code)
