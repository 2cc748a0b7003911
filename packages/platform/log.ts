import winston from 'winston'

export type Log = winston.Logger

export interface LogOptions {
  /** `service.name` of each line. */
  readonly service: string
  readonly level: string
  /** Lines for a person rather than JSON. */
  readonly pretty: boolean
}

const toPretty = winston.format.printf(({ level, message, timestamp, service: _, ...rest }) => {
  const more = Object.entries(rest).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`)
  return `${String(timestamp)} ${level} ${String(message)}${more.join('')}`
})

/** One JSON object a line on stdout (warnings and errors too: stderr belongs to what a person must read at once). */
export function createLog({ service, level, pretty }: LogOptions): Log {
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
