import { parseArgs } from 'node:util'
import { agentCost } from './agent-cost.ts'
import { backlog } from './backlog.ts'
import type { Bench } from './bench.ts'
import { collector } from './collector.ts'
import { fairness } from './fairness.ts'
import { fairnessQueries } from './fairness-queries.ts'
import { gatewayHits } from './gateway-hits.ts'
import { gatewayOverhead } from './gateway-overhead.ts'
import { influxql } from './influxql.ts'
import { ingestLogs, ingestMetrics } from './ingest.ts'
import { largeAnswers } from './large-answers.ts'
import { latency } from './latency.ts'
import { machine } from './machine.ts'
import { memory } from './memory.ts'
import { normalise } from './normalise.ts'
import { pollerLogs, pollerMetrics } from './poller.ts'
import { queryLogs } from './query-logs.ts'
import { queryMetrics } from './query-metrics.ts'
import { rollups } from './rollups.ts'
import { storage } from './storage.ts'
import { wallboard, wallboards } from './wallboard.ts'

const benches: Readonly<Record<string, Bench>> = {
  'ingest-metrics': ingestMetrics,
  'ingest-logs': ingestLogs,
  'poller-metrics': pollerMetrics,
  'poller-logs': pollerLogs,
  'agent-cost': agentCost,
  latency,
  fairness,
  'fairness-queries': fairnessQueries,
  'gateway-overhead': gatewayOverhead,
  'gateway-hits': gatewayHits,
  backlog,
  collector,
  influxql,
  'large-answers': largeAnswers,
  memory,
  normalise,
  'query-logs': queryLogs,
  'query-metrics': queryMetrics,
  rollups,
  storage,
  wallboard,
  wallboards,
}

const usage = `npm run bench -- NAME [--json] [--names N] [--tenants N] [--items N] [--minutes N] [--store embedded|external] [--panels] [--profile FOLDER] [--data FOLDER]
${Object.entries(benches)
  .map(([name, { about }]) => `  ${name.padEnd(16)} ${about}`)
  .join('\n')}
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
    json: { type: 'boolean', default: false },
    names: { type: 'string', default: '1' },
    tenants: { type: 'string', default: '10' },
    items: { type: 'string' },
    minutes: { type: 'string' },
    panels: { type: 'boolean', default: false },
    profile: { type: 'string' },
    store: { type: 'string', default: 'embedded' },
  },
})

const optional = (text: string | undefined) => (text === undefined ? undefined : Number(text))

const [name = ''] = positionals
const bench = benches[name]
const stores = ['embedded', 'external'] as const
const store = stores.find((one) => one === values.store)
if (values.help) process.stdout.write(usage)
else if (bench === undefined || store === undefined) {
  if (store === undefined) process.stderr.write(`--store ${values.store}?\n`)
  process.stderr.write(usage)
  process.exitCode = 2
} else {
  const measured = await bench.run({
    names: Number(values.names),
    tenants: Number(values.tenants),
    items: optional(values.items),
    minutes: optional(values.minutes),
    panels: values.panels,
    profile: values.profile,
    data: values.data,
    store,
  })
  const { details, ...headline } = measured
  const line = { name, ...headline, ...details, machine: machine() }
  if (!values.json)
    process.stdout.write(
      `${name}: ${measured.value.toLocaleString('en', { maximumSignificantDigits: 4 })} ${measured.unit}, mark ${measured.mark}: ${measured.holds ? 'holds' : 'MISSED'}\n`,
    )
  process.stdout.write(`${JSON.stringify(line)}\n`)
  process.exitCode = measured.holds ? 0 : 1
}
