export interface Level {
  readonly name: string
  /** OpenTelemetry's number: https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
  readonly severity: number
}

const level = (name: string, severity: number): Level => ({ name, severity })

const levels: Readonly<Record<string, Level>> = {
  trace: level('trace', 1),
  debug: level('debug', 5),
  info: level('info', 9),
  notice: level('notice', 10),
  warn: level('warn', 13),
  warning: level('warn', 13),
  err: level('error', 17),
  error: level('error', 17),
  crit: level('critical', 18),
  critical: level('critical', 18),
  alert: level('alert', 19),
  emerg: level('emergency', 22),
  panic: level('fatal', 21),
  fatal: level('fatal', 21),
}

const words = Object.keys(levels).join('|')
/** `level=warn`, `"level":"warn"`, `[warn]`, `<warn>`, in any case. */
const labelled = new RegExp(
  `(?:\\b(?:level|lvl|severity)"?\\s*[=:]\\s*"?|[[<])\\s*(${words})\\s*(?=["\\]>\\s,;]|$)`,
  'i',
)
/** A bare word counts only in capitals: "no error found" is no error. */
const capitals = new RegExp(`(?<![\\w-])(${words.toUpperCase()})(?![\\w-])`)
/** Levels stand near the start; a long line is not searched to its end. */
const searched = 256

/** The level that a line names, by its words; undefined when it names none. */
export function levelOf(line: string): Level | undefined {
  const start = line.slice(0, searched)
  const word = (labelled.exec(start) ?? capitals.exec(start))?.[1]
  return word === undefined ? undefined : levels[word.toLowerCase()]
}
