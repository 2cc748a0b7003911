import type { HttpSender } from '@warren/stores/http/sender'
import fc from 'fast-check'
import { influxqlQuestions } from './influxql-questions.ts'
import { ownPages } from './own-pages.ts'
import type { Language, Question } from './question.ts'
import { ask, differenceOf, isSame, type Reply, tellsCanary } from './reply.ts'
import { searchQuestions } from './search-questions.ts'
import { standingsDiffer } from './standings.ts'
import { openWorld, type StoreName, type World } from './world.ts'

const questionsOf: Readonly<Record<Language, fc.Arbitrary<Question>>> = {
  influxql: influxqlQuestions,
  search: searchQuestions,
}

export interface Leak {
  readonly question: Question
  readonly what: string
}

/** How the queries of one reader went. */
export interface Counts {
  readonly asked: number
  readonly accepted: number
  readonly withRows: number
}

/** What one language before one store said. */
export interface Outcome extends Record<ReaderName, Counts> {
  readonly leaks: readonly Leak[]
}

export interface RunOptions {
  readonly language: Language
  readonly store: StoreName
  /** How many of the seed's, from the one at `from` on. */
  readonly queries: number
  readonly from?: number
  readonly seed: number
  readonly signal?: AbortSignal
  /** Told of all so far, each few hundred queries. */
  readonly onProgress?: (outcome: Outcome) => void
  /** Told at once: a run takes an hour. */
  readonly onLeak?: (leak: Leak) => void
}

const lanes = 4
const chunk = 500
const maxLeaks = 10
const progressEach = 250

const tries = 200

/** Who asks at which gateway. */
interface Asked {
  readonly gateway: HttpSender
  readonly token: string
}

/** Readers, each with whose question it must not be given the answer of. */
const readers = {
  reader: { own: 'readerToken', other: 'strangerToken' },
  granted: { own: 'grantedToken', other: 'landlordToken' },
} as const
type ReaderName = keyof typeof readers

/**
 * Whether the gateway without the stranger gives the other's answer too, when it is asked again: InfluxDB 1.6 cuts series into pieces by chance (ORDER BY time DESC of several calls and series),
 * and begins with any of the series where all points have one time (`integral` without GROUP BY time; the rarer orders come once in ten to twenty answers). The answer that the gateway keeps is no other throw of the dice.
 */
async function agreesLater(question: Question, other: Reply, { gateway, token }: Asked) {
  const anew = { ...question, headers: { ...question.headers, 'cache-control': 'no-cache' } }
  for (let left = tries; left > 0; left--)
    if (isSame(await ask(gateway, token, anew), other)) return true
  return false
}

/** So often an answer is asked for packed, as Grafana does. */
const packedEach = 3

const packed = (question: Question): Question => ({
  ...question,
  headers: { ...question.headers, 'accept-encoding': 'gzip' },
})

/** The same questions for the same seed, wherever it begins. */
function* questions({
  language,
  queries,
  from = 0,
  seed,
}: RunOptions): Generator<{ question: Question; at: number }> {
  const past = from + queries
  for (let start = from - (from % chunk); start < past; start += chunk) {
    const sampled = fc.sample(questionsOf[language], { seed: seed + start, numRuns: chunk })
    for (const [offset, question] of sampled.entries()) {
      const at = start + offset
      if (at < from || at >= past) continue
      yield { question: at % packedEach === 1 ? packed(question) : question, at }
    }
  }
}

const isAccepted = ({ status, body }: Reply): boolean =>
  status === 200 && !body.includes('"error":')
/** Series of InfluxQL; hits, buckets or fields of a search. */
const hasRows = ({ body }: Reply): boolean =>
  /"values":\[\[|"hits":\[\{|"doc_count":[1-9]|"properties":\{"|"fields":\{"/.test(body)

/**
 * Asks the same of two gateways: one before a store that holds the reader's data alone, one before a store that holds a stranger's as well, who has asked the same first.
 * And so with a token limited to one deployment of a tenant, beside what the tenant's other deployments have. Whatever the reader can tell apart is a leak.
 */
export async function runIsolation(options: RunOptions): Promise<Outcome> {
  const { language, store } = options
  const alone = await openWorld({ language, store, withStranger: false })
  try {
    const together = await openWorld({ language, store, withStranger: true })
    try {
      return await compare(options, { alone, together })
    } finally {
      await together.close()
    }
  } finally {
    await alone.close()
  }
}

interface Worlds {
  readonly alone: World
  readonly together: World
}

class Tally implements Outcome {
  readonly reader = { asked: 0, accepted: 0, withRows: 0 }
  readonly granted = { asked: 0, accepted: 0, withRows: 0 }
  readonly leaks: Leak[] = []
  readonly #onLeak: RunOptions['onLeak']

  constructor({ onLeak }: Pick<RunOptions, 'onLeak'>) {
    this.#onLeak = onLeak
  }

  leak(leak: Leak): void {
    this.leaks.push(leak)
    this.#onLeak?.(leak)
  }

  add(name: ReaderName, question: Question, { reply, what }: Compared): void {
    const counts = this[name]
    counts.asked++
    if (isAccepted(reply)) counts.accepted++
    if (isAccepted(reply) && hasRows(reply)) counts.withRows++
    if (what !== undefined) this.leak({ question, what: `${name}: ${what}` })
  }
}

interface Compared {
  readonly reply: Reply
  /** How the two answers differ. */
  readonly what: string | undefined
}

async function compare(options: RunOptions, worlds: Worlds): Promise<Outcome> {
  const tally = new Tally(options)
  const waiting = questions(options)
  const isOver = (): boolean => options.signal?.aborted === true || tally.leaks.length >= maxLeaks
  const runLane = async (): Promise<void> => {
    for (const { question, at } of waiting) {
      if (isOver()) return
      for (const name of ['reader', 'granted'] as const)
        tally.add(name, question, await askBoth(name, { question, at }, worlds))
      if (tally.granted.asked % progressEach === 0) options.onProgress?.(tally)
    }
  }
  await Promise.all(Array.from({ length: lanes }, runLane))
  for (const page of ownPages) await compareOwnPage(page, worlds, tally)
  await compareStandings(options, worlds, tally)
  return tally
}

/** Asked one after the other, with nobody else asking: one for so many of the others, and so many at most. */
const standingEach = 10
const mostStandings = 300
/** Far from the seeds of other questions: these must not have been asked before. */
const standingsSeed = 1_000_000_000
const base: Readonly<Record<Language, Question>> = {
  influxql: { method: 'GET', path: '/gateway/influxdb/query?db=warren&q=SHOW+DATABASES' },
  search: { method: 'GET', path: '/gateway/elasticsearch/_mapping' },
}

/** No data decides what these answer: it is one answer, kept once for all of a tenant. */
function isOfNoData({ path, body }: Question): boolean {
  const [, address] = path.split('?')
  const text = [address, body].map((form) => new URLSearchParams(form).get('q')).join('')
  return /^\s*SHOW\s+(DATABASES|RETENTION\s+POLICIES)\b[^;]*;?\s*$/i.test(text)
}

/** Which questions are asked so, and by whom. */
function standingQuestions({ language, seed, queries }: RunOptions) {
  const numRuns = Math.min(mostStandings, Math.ceil(queries / standingEach))
  return fc
    .sample(questionsOf[language], { seed: standingsSeed + seed, numRuns })
    .flatMap((question) =>
      (['reader', 'granted'] as const)
        .filter((name) => name === 'reader' || !isOfNoData(question))
        .map((name) => ({ question, name })),
    )
}

async function compareStandings(
  options: RunOptions,
  { alone, together }: Worlds,
  tally: Tally,
): Promise<void> {
  const { language, signal } = options
  for (const { question, name } of standingQuestions(options)) {
    if (signal?.aborted === true || tally.leaks.length >= maxLeaks) return
    const { own, other } = readers[name]
    const placeOf = (world: World) => ({
      gateway: world.gateway,
      own: world[own],
      other: world[other],
    })
    const places = { alone: placeOf(alone), together: placeOf(together), base: base[language] }
    const what = await standingsDiffer(question, places)
    if (what !== undefined) tally.leak({ question, what: `${name}: ${what}` })
  }
}

/** What the api tells a tenant of its queries and limits, once both have asked. */
async function compareOwnPage(page: Question, { alone, together }: Worlds, tally: Tally) {
  for (const token of ['readerToken', 'managerToken'] as const) {
    const [own, beside] = await Promise.all([
      ask(alone.gateway, alone[token], page),
      ask(together.gateway, together[token], page),
    ])
    if (!isSame(own, beside)) tally.leak({ question: page, what: differenceOf(own, beside) })
  }
}

async function askBoth(
  name: ReaderName,
  { question, at }: { readonly question: Question; readonly at: number },
  { alone, together }: Worlds,
): Promise<Compared> {
  const { own, other } = readers[name]
  // What the other was answered a moment ago must not be what the reader is answered.
  if (at % 4 === 0) await ask(together.gateway, together[other], question)
  const [reply, beside] = await Promise.all([
    ask(alone.gateway, alone[own], question),
    ask(together.gateway, together[own], question),
  ])
  if (tellsCanary(question, beside)) return { reply, what: `the canary\n${beside.body}` }
  const again = { gateway: alone.gateway, token: alone[own] }
  const isHidden = isSame(reply, beside) || (await agreesLater(question, beside, again))
  return { reply, what: isHidden ? undefined : differenceOf(reply, beside) }
}
