import { randomInt } from 'node:crypto'
import { exitStatusOf, readArguments, UsageError } from '../tool-options.ts'
import { tooFew } from './coverage.ts'
import { type Language, languages } from './question.ts'
import { type RunOptions, runIsolation } from './run.ts'
import { type Counts, type Leak, type Outcome, origins } from './tally.ts'
import { storeNames } from './world.ts'

const usage = `npm run fuzz -- [--language influxql|search] [--store embedded|external] [--queries N] [--seed N] [--from N]
Asks random queries as one tenant, before stores with and without another tenant's data, and finds what differs;
likewise with a token limited to a deployment, with and without the tenant's other deployments.
  --queries N  of each language and store, 100000 unless told otherwise
  --seed N     decides the queries; printed with the result
  --from N     the first N of the seed's queries were asked before
The exit status is 0 where nothing showed, 1 where something did or too few queries had answers of a kind, 2 where it was ended before, or asked wrongly.`

const print = (line: string): void => void process.stdout.write(`${line}\n`)
const say = (line: string): void => void process.stderr.write(`${line}\n`)
const percent = (part: number, whole: number): string =>
  `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`

function oneOf<Name extends string>(
  names: readonly Name[],
  wanted: string | undefined,
): readonly Name[] {
  if (wanted === undefined) return names
  const found = names.find((name) => name === wanted)
  if (found === undefined) throw new UsageError(`${wanted}?`)
  return [found]
}

function toNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new UsageError(`${text}?`)
  return value
}

function readOptions() {
  const { values } = readArguments({
    options: {
      language: { type: 'string' },
      store: { type: 'string' },
      queries: { type: 'string', default: '100000' },
      seed: { type: 'string' },
      from: { type: 'string', default: '0' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  return {
    help: values.help,
    chosenLanguages: oneOf(languages, values.language),
    chosenStores: oneOf(storeNames, values.store),
    queries: toNumber(values.queries),
    from: toNumber(values.from),
    seed: toNumber(values.seed ?? String(randomInt(1_000_000))),
  }
}

const countsOf = ({ asked, accepted, withRows }: Counts): string =>
  `${percent(accepted, asked)} accepted and ${percent(withRows, asked)} with rows`

/** Where answers came from: hits and parts are answered of what is kept. */
const originsOf = (counts: Counts): string =>
  [
    ...origins.map((origin) => `${counts[origin]} ${origin}`),
    `${counts.ofRollups} of rollups`,
  ].join(', ')

/** One line each few hundred queries: whoever ends a run by force has the sums so far. */
const sumsOf = ({ reader, granted, leaks, apart }: Outcome): string =>
  `${granted.asked} queries; of a tenant ${countsOf(reader)}, with grants ${countsOf(granted)}; answers ${originsOf(reader)}, with grants ${originsOf(granted)}; ${apart} kept apart once; ${leaks.length} leaks`

/** What a run, or several, showed. */
type Verdict = 'isolated' | 'NOT ISOLATED' | 'TOO FEW ANSWERS' | 'ended early'

function verdictOf({ reader, leaks }: Outcome, language: Language, isEnded: boolean): Verdict {
  if (leaks.length > 0) return 'NOT ISOLATED'
  if (isEnded) return 'ended early'
  return tooFew(language, reader).length === 0 ? 'isolated' : 'TOO FEW ANSWERS'
}

const statusOf: Readonly<Record<Verdict, number>> = {
  ...{ isolated: 0, 'NOT ISOLATED': 1, 'TOO FEW ANSWERS': 1, 'ended early': 2 },
}

type Run = Omit<RunOptions, 'onProgress' | 'onLeak' | 'signal'> & { readonly from: number }

/** Resolves with the exit status. */
async function runOne(run: Run, signal: AbortSignal): Promise<number> {
  const { language, store, queries, seed, from } = run
  const title = `${language}, ${store}, seed ${seed}${from === 0 ? '' : ` from ${from}`}`
  const onProgress = (outcome: Outcome): void => say(`${title}: ${sumsOf(outcome)}`)
  const onLeak = ({ question, what }: Leak): void =>
    say(`LEAK ${JSON.stringify(question)}\n${what}`)
  const outcome = await runIsolation({ ...run, signal, onProgress, onLeak })
  const { asked } = outcome.granted
  const verdict = verdictOf(outcome, language, asked < queries)
  print(`${verdict}: ${title}: ${sumsOf(outcome)}`)
  if (verdict === 'TOO FEW ANSWERS')
    for (const what of tooFew(language, outcome.reader)) print(what)
  if (verdict === 'ended early')
    print(`the rest: --seed ${seed} --from ${from + asked} --queries ${queries - asked}`)
  return statusOf[verdict]
}

async function main(signal: AbortSignal): Promise<number> {
  const { help, chosenLanguages, chosenStores, ...wanted } = readOptions()
  if (help) {
    print(usage)
    return 0
  }
  const statuses: number[] = []
  for (const language of chosenLanguages)
    for (const store of chosenStores) {
      if (signal.aborted) return statuses.includes(1) ? 1 : 2
      statuses.push(await runOne({ language, store, ...wanted }, signal))
    }
  return statuses.includes(1) ? 1 : Math.max(...statuses)
}

const leaving = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => leaving.abort(new Error(signal)))

process.exitCode = await exitStatusOf({ name: 'fuzz', usage }, () => main(leaving.signal))
