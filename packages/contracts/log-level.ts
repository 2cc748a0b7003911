export interface Level {
  readonly name: string
  /** OpenTelemetry's number: https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
  readonly severity: number
}

const level = (name: string, severity: number): Level => ({ name, severity })

/** By the words that programs use for them, in lower case. */
const levels: ReadonlyMap<string, Level> = new Map(
  Object.entries({
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
  }),
)

export const levelWords: readonly string[] = [...levels.keys()]

/** Of a word in any case; undefined for a word that names none. */
export const levelOfWord = (word: string): Level | undefined => levels.get(word.toLowerCase())
