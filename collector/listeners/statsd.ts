import { parseTemplates } from '@warren/graphite/templates'
import { z } from 'zod'
import { createDelimitedFramer } from '../sockets/delimited-framer.ts'
import { guarded, messageBytesSchema, socketSettings, type Transport } from '../sockets/settings.ts'
import { templatesSchema } from '../sockets/template-settings.ts'
import { defineListener, type LossReason } from './listener.ts'
import { createAggregate } from './statsd/aggregate.ts'
import { parseStatsdLine, type StatsdProblem } from './statsd/line.ts'

const lineFeed = 0x0a

const transports: readonly Transport[] = ['udp']

const settings = guarded(
  z.strictObject({
    ...socketSettings({ port: 8125, transports }),
    maxMessageBytes: messageBytesSchema(65_536).describe('Of one line or datagram'),
    flushMs: z
      .int()
      .min(100)
      .max(3_600_000)
      .default(10_000)
      .describe('Interval that values are added up for'),
    percentiles: z
      .array(z.number().gt(0).max(100))
      .max(20)
      .default([90, 95, 99])
      .describe('Of timers, histograms and distributions'),
    maxSeries: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(100_000)
      .describe('In one interval; values of further ones are refused, and counted'),
    maxSamples: z
      .int()
      .min(1)
      .max(100_000)
      .default(1_000)
      .describe('Values of one timer that percentiles are taken from; of more, a random part'),
    templates: templatesSchema.describe("Telegraf's templates, which make measurement and tags"),
    joiner: z.string().max(8).default('_').describe("In place of a name's dots, as Telegraf"),
  }),
)

const reasonOf = (problem: StatsdProblem): LossReason =>
  problem === 'malformed' ? 'malformed' : 'unsupported'

const isAbsent = (text: string): boolean => text === '' || text === '\r'

/** StatsD, with DogStatsD's tags and packed values; events and service checks are no metrics, and counted as unsupported. */
export const statsd = defineListener({
  type: 'statsd',
  settings,
  create: (options, { sink, lost }) => {
    const { maxMessageBytes, flushMs, joiner } = options
    const templates = parseTemplates(options.templates, { joiner })
    const aggregate = createAggregate({ ...options, templates })
    const write = (line: string): void => sink.add(line)
    let dueMs = 0

    const takeLine = (text: string): void => {
      const line = parseStatsdLine(text.endsWith('\r') ? text.slice(0, -1) : text)
      const problem = typeof line === 'string' ? reasonOf(line) : aggregate.add(line, write)
      if (problem !== undefined) lost(problem, 1)
    }
    return {
      stream: 'metrics',
      transports,
      maxMessageBytes,
      createFramer: () => createDelimitedFramer({ delimiter: lineFeed, maxBytes: maxMessageBytes }),
      take: (message, { isCut }) => {
        if (isCut) return lost('too_long', 1)
        for (const text of message.toString().split('\n')) if (!isAbsent(text)) takeLine(text)
      },
      tick: (nowMs) => {
        if (dueMs === 0) dueMs = nowMs + flushMs
        if (nowMs < dueMs) return
        aggregate.flush(nowMs, write)
        dueMs = Math.max(dueMs + flushMs, nowMs + 1)
      },
      end: (nowMs) => aggregate.flush(nowMs, write),
    }
  },
})
