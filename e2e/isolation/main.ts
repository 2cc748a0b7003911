import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { reasonOf } from '@warren/platform/errors'
import { languages } from './question.ts'
import { type Outcome, runIsolation } from './run.ts'
import { storeNames } from './world.ts'

const usage = `npm run fuzz -- [--language influxql|search] [--store embedded|external] [--queries N] [--seed N]
Asks random queries as one tenant, before stores with and without another tenant's data, and finds what differs;
likewise with a token limited to a deployment, with and without the tenant's other deployments.
  --queries N  of each language and store, 100000 unless told otherwise
  --seed N     decides the queries; printed with the result`

const say = (line: string): void => void process.stderr.write(`${line}\n`)
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`

function oneOf<Name extends string>(
  names: readonly Name[],
  wanted: string | undefined,
): readonly Name[] {
  if (wanted === undefined) return names
  const found = names.find((name) => name === wanted)
  if (found === undefined) throw new Error(`${wanted}?\n${usage}`)
  return [found]
}

function toNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${text}?\n${usage}`)
  return value
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      language: { type: 'string' },
      store: { type: 'string' },
      queries: { type: 'string', default: '100000' },
      seed: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  return {
    help: values.help,
    chosenLanguages: oneOf(languages, values.language),
    chosenStores: oneOf(storeNames, values.store),
    queries: toNumber(values.queries),
    seed: toNumber(values.seed ?? String(randomInt(1_000_000))),
  }
}

/** At least so many must be accepted, and so many have rows: a fuzz of refusals shows nothing. */
const leastAccepted = 0.6
const leastWithRows = 0.4

function report(title: string, { reader, granted, leaks }: Outcome): boolean {
  const { asked, accepted, withRows } = reader
  for (const [who, each] of Object.entries({ 'of a tenant': reader, 'with grants': granted }))
    say(
      `${title}, ${who}: ${each.asked} queries, ${percent(each.accepted, each.asked)} accepted, ${percent(each.withRows, each.asked)} with rows`,
    )
  say(`${title}: ${leaks.length} leaks`)
  for (const { question, what } of leaks) say(`LEAK ${JSON.stringify(question)}\n${what}`)
  return (
    leaks.length === 0 && accepted >= asked * leastAccepted && withRows >= asked * leastWithRows
  )
}

async function main(signal: AbortSignal): Promise<number> {
  const { help, chosenLanguages, chosenStores, queries, seed } = readOptions()
  if (help) {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  const held: boolean[] = []
  for (const language of chosenLanguages)
    for (const store of chosenStores) {
      const title = `${language}, ${store}, seed ${seed}`
      const onProgress = (asked: number): void => {
        if (asked % 10_000 === 0) say(`${title}: ${asked}`)
      }
      held.push(
        report(title, await runIsolation({ language, store, queries, seed, signal, onProgress })),
      )
    }
  const passed = held.every(Boolean) && !signal.aborted
  process.stdout.write(
    `${passed ? 'isolated' : 'NOT ISOLATED'}: ${held.length} runs of ${queries} queries, seed ${seed}\n`,
  )
  return passed ? 0 : 1
}

const leaving = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => leaving.abort(new Error(signal)))

try {
  process.exitCode = await main(leaving.signal)
} catch (error) {
  say(`fuzz: ${reasonOf(error)}`)
  process.exitCode = 1
}
