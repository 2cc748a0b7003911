import { z } from 'zod'
import { createDelimitedFramer } from '../sockets/delimited-framer.ts'
import { guarded, messageBytesSchema, socketSettings, type Transport } from '../sockets/settings.ts'
import { createChunks } from './gelf/chunks.ts'
import { toGelfRecord } from './gelf/record.ts'
import { unpackGelf } from './gelf/unpack.ts'
import { type Arrival, defineListener } from './listener.ts'

const mebibyte = 1024 ** 2
/** Of the format: https://go2docs.graylog.org/current/getting_in_log_data/gelf_format.html#GELFviaUDP */
const waitMs = 5_000

const transports: readonly Transport[] = ['udp', 'tcp']

const settings = guarded(
  z.strictObject({
    ...socketSettings({ port: 12_201, transports }),
    maxMessageBytes: messageBytesSchema(mebibyte).describe('Of one message, unpacked'),
    maxChunkBytes: z
      .int()
      .min(mebibyte)
      .default(16 * mebibyte)
      .describe('Of all messages that wait for chunks; the oldest are dropped above it'),
  }),
)

/** Graylog's format: datagrams in up to 128 chunks, gzip or zlib; over TCP plain, each with a NUL behind it. */
export const gelf = defineListener({
  type: 'gelf',
  settings,
  create: ({ maxMessageBytes, maxChunkBytes }, { lost }) => {
    const chunks = createChunks({ maxBytes: maxChunkBytes, waitMs })
    const takeWhole = (payload: Buffer, arrival: Arrival): void => {
      const json = unpackGelf(payload, maxMessageBytes)
      const record = json === undefined ? 'packed' : toGelfRecord(json.toString(), arrival)
      if (typeof record === 'string') lost('malformed', 1)
      else arrival.sink.add(JSON.stringify(record))
    }
    const forget = (nowMs: number): void => {
      const missing = chunks.expire(nowMs)
      if (missing > 0) lost('missing_chunks', missing)
    }
    return {
      stream: 'logs',
      transports,
      maxMessageBytes,
      createFramer: () => createDelimitedFramer({ delimiter: 0, maxBytes: maxMessageBytes }),
      take: (message, arrival) => {
        if (arrival.isCut) return lost('too_long', 1)
        const whole = chunks.add(message, arrival.address, arrival.nowMs)
        if (whole === 'bad chunk') return lost('malformed', 1)
        if (whole !== undefined) takeWhole(whole, arrival)
      },
      tick: forget,
      end: (nowMs) => forget(nowMs + waitMs),
    }
  },
})
