import winston from 'winston'

export type Log = winston.Logger

export interface LogOptions {
  /** `service.name` of each line. */
  readonly service: string
  readonly level: string
  /** Lines for a person rather than JSON. */
  readonly pretty: boolean
}

const toPretty = winston.format.printf(({ level, message, timestamp, service, ...rest }) => {
  const more = Object.entries(rest).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`)
  return `${String(timestamp)} ${level} ${String(service)}: ${String(message)}${more.join('')}`
})

let isHeard = false

/** Whoever read stdout may have ended, as `head` does: lines are lost from then on, which nobody can be told. Unheard, each failed line would be an error that nobody caught, of which the next line would tell. */
function outliveReader(): void {
  if (isHeard) return
  isHeard = true
  process.stdout.on('error', () => undefined)
}

/** One JSON object a line on stdout (warnings and errors too: stderr belongs to what a person must read at once). */
export function createLog({ service, level, pretty }: LogOptions): Log {
  outliveReader()
  const { combine, timestamp, errors, json, colorize } = winston.format
  return winston.createLogger({
    level,
    defaultMeta: { service },
    format: pretty
      ? combine(timestamp(), errors(), colorize(), toPretty)
      : combine(timestamp(), errors(), json()),
    transports: [new winston.transports.Console({ stderrLevels: [] })],
  })
}
