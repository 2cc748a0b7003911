import { randomInt } from 'node:crypto'
import { appendFileSync, writeFileSync } from 'node:fs'
import { exitStatusOf, readArguments, UsageError } from '../tool-options.ts'
import { compareQueries, Tally } from './compare.ts'
import { explanations } from './explained.ts'
import { openEmbedded } from './gateway.ts'
import { openInfluxdb } from './influxdb.ts'

const usage = `npm run compare-influxql -- [--seed N] [--count N] [--differences FILE]
Asks a real InfluxDB and the embedded store, through the gateway's code, the same queries by chance and compares the bytes of the answers.
  --seed N            decides data and queries; printed with the result
  --count N           how many queries, 20000 unless given
  --differences FILE  writes each difference there, one JSON object a line`

const print = (line: string): void => void process.stdout.write(`${line}\n`)

function readOptions() {
  const { values } = readArguments({
    options: {
      seed: { type: 'string', default: String(randomInt(1_000_000)) },
      count: { type: 'string', default: '20000' },
      differences: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [seed, count] = [Number(values.seed), Number(values.count)]
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(count))
    throw new UsageError('--seed and --count are whole numbers')
  return { ...values, seed, count }
}

function report(seed: number, tally: Tally): void {
  for (const [name, count] of tally.explained) {
    const why = explanations.find((each) => each.name === name)?.why
    print(`${count} ${name}: ${why}`)
  }
  print(
    JSON.stringify({
      ...{ seed, queries: tally.total, withRows: tally.withRows, ...tally.equal },
      ...{ unexplained: tally.unexplained, percent: Number(tally.percent.toFixed(3)) },
    }),
  )
}

/** Resolves with the exit code: 0 when at least 99 % are equal. */
async function main(): Promise<number> {
  const { seed, count, differences, help } = readOptions()
  if (help) {
    print(usage)
    return 0
  }
  if (differences !== undefined) writeFileSync(differences, '')
  const [ours, theirs] = [await openEmbedded(), await openInfluxdb()]
  const tally = new Tally()
  try {
    for await (const outcome of compareQueries({ ours, theirs }, { seed, count })) {
      tally.add(outcome)
      if (outcome.equality === 'different' && differences !== undefined)
        appendFileSync(differences, `${JSON.stringify(outcome)}\n`)
    }
  } finally {
    await Promise.all([ours.close(), theirs.close()])
  }
  report(seed, tally)
  return tally.percent >= 99 ? 0 : 1
}

/** Servers of a run that failed must not keep the process. */
process.exit(await exitStatusOf({ name: 'compare-influxql', usage }, main))
