import { type GraphiteLine, parseGraphiteLine } from '@warren/graphite/line'
import { parseTemplates, type Templates } from '@warren/graphite/templates'
import { toLine } from '@warren/lineprotocol/write'
import { z } from 'zod'
import { createDelimitedFramer } from '../sockets/delimited-framer.ts'
import { guarded, messageBytesSchema, socketSettings, type Transport } from '../sockets/settings.ts'
import { templatesSchema } from '../sockets/template-settings.ts'
import { type Arrival, defineListener, type ListenerContext } from './listener.ts'

const lineFeed = 0x0a

const transports: readonly Transport[] = ['tcp', 'udp']

const settings = guarded(
  z.strictObject({
    ...socketSettings({ port: 2003, transports }),
    maxMessageBytes: messageBytesSchema(65_536).describe('Of one line or datagram'),
    templates: templatesSchema.describe(
      "Telegraf's templates, which make measurement, tags and field of a name; without one the name is the measurement and the field is `value`",
    ),
    joiner: z.string().max(8).default('.').describe('Between words of one meaning'),
  }),
)

function toPoint(line: GraphiteLine, templates: Templates, nowMs: number): string | undefined {
  const { measurement, tags, field = 'value' } = templates.map(line.name)
  return toLine({
    measurement,
    tags: { ...tags, ...line.tags },
    fields: { [field]: line.value },
    timeNs: line.timeNs ?? BigInt(nowMs) * 1_000_000n,
  })
}

/** Carbon's plaintext protocol: `name[;tag=value…] value [time]`, a line each, over TCP and in datagrams. NaN is carbon's "unknown", and left out. */
export const graphite = defineListener({
  type: 'graphite',
  settings,
  create: ({ maxMessageBytes, templates: texts, joiner }, { lost }: ListenerContext) => {
    const templates = parseTemplates(texts, { joiner })
    const takeLine = (text: string, { nowMs, sink }: Arrival): void => {
      const line = parseGraphiteLine(text)
      const isBad = typeof line === 'string'
      const point = isBad ? undefined : toPoint(line, templates, nowMs)
      if (isBad) lost('malformed', 1)
      else if (point !== undefined) sink.add(point)
    }
    return {
      stream: 'metrics',
      transports,
      maxMessageBytes,
      createFramer: () => createDelimitedFramer({ delimiter: lineFeed, maxBytes: maxMessageBytes }),
      take: (message, arrival) => {
        if (arrival.isCut) return lost('too_long', 1)
        for (const text of message.toString().split('\n'))
          if (text.trim() !== '') takeLine(text, arrival)
      },
    }
  },
})
