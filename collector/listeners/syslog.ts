import { timeZoneOf } from '@warren/searchdsl/time/time-zone'
import { z } from 'zod'
import { guarded, messageBytesSchema, socketSettings, type Transport } from '../sockets/settings.ts'
import { defineListener } from './listener.ts'
import { createSyslogReader } from './syslog/read.ts'
import { createSyslogFramer } from './syslog/syslog-framer.ts'

const isZone = (name: string): boolean => {
  try {
    timeZoneOf(name)
    return true
  } catch {
    return false
  }
}

const transports: readonly Transport[] = ['udp', 'tcp']

const settings = guarded(
  z.strictObject({
    ...socketSettings({ port: 5514, transports }),
    maxMessageBytes: messageBytesSchema(65_536).describe(
      'Of one message; the rest of a longer one is left out, and the record says so',
    ),
    timeZone: z
      .string()
      .refine(isZone, 'a time zone, as Europe/Berlin, UTC or +02:00')
      .default('UTC')
      .describe('Of times without one, which RFC 3164 sends'),
  }),
)

/** Syslog of RFC 5424 and 3164, in datagrams, and over TCP or TLS in both framings of RFC 6587. */
export const syslog = defineListener({
  type: 'syslog',
  settings,
  create: ({ maxMessageBytes, timeZone }) => {
    const read = createSyslogReader(timeZoneOf(timeZone))
    return {
      stream: 'logs',
      transports,
      maxMessageBytes,
      createFramer: () => createSyslogFramer(maxMessageBytes),
      take: (bytes, { nowMs, at, address, isCut, sink }) => {
        const record = read({ bytes, nowMs, at, address, isCut })
        if (record !== undefined) sink.add(JSON.stringify(record))
      },
    }
  },
})
