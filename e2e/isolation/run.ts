import fc from 'fast-check'
import { influxqlQuestions } from './influxql-questions.ts'
import { ownPages } from './own-pages.ts'
import type { Language, Question } from './question.ts'
import { ask, differenceOf, isSame, type Reply, tellsCanary } from './reply.ts'
import { searchQuestions } from './search-questions.ts'
import { openWorld, type StoreName, type World } from './world.ts'

const questionsOf: Readonly<Record<Language, fc.Arbitrary<Question>>> = {
  influxql: influxqlQuestions,
  search: searchQuestions,
}

interface Leak {
  readonly question: Question
  readonly what: string
}

/** What one language before one store said. */
export interface Outcome {
  readonly asked: number
  readonly accepted: number
  readonly withRows: number
  readonly leaks: readonly Leak[]
}

export interface RunOptions {
  readonly language: Language
  readonly store: StoreName
  readonly queries: number
  readonly seed: number
  readonly signal?: AbortSignal
  readonly onProgress?: (asked: number) => void
}

const lanes = 4
const chunk = 500
const maxLeaks = 10

const tries = 200

/**
 * Whether the gateway without the stranger gives the other's answer too, when it is asked again: InfluxDB 1.6 cuts series into pieces by chance (ORDER BY time DESC of several calls and series),
 * and begins with any of the series where all points have one time (`integral` without GROUP BY time; the rarer orders come once in ten to twenty answers). The answer that the gateway keeps is no other throw of the dice.
 */
async function agreesLater(question: Question, other: Reply, { url, readerToken }: World) {
  const anew = { ...question, headers: { ...question.headers, 'cache-control': 'no-cache' } }
  for (let left = tries; left > 0; left--)
    if (isSame(await ask(url, readerToken, anew), other)) return true
  return false
}

/** The same questions for the same seed. */
function* questions({
  language,
  queries,
  seed,
}: RunOptions): Generator<{ question: Question; at: number }> {
  for (let at = 0; at < queries; at += chunk) {
    const numRuns = Math.min(chunk, queries - at)
    const sampled = fc.sample(questionsOf[language], { seed: seed + at, numRuns })
    for (const [offset, question] of sampled.entries()) yield { question, at: at + offset }
  }
}

const isAccepted = ({ status, body }: Reply): boolean =>
  status === 200 && !body.includes('"error":')
/** Series of InfluxQL; hits, buckets or fields of a search. */
const hasRows = ({ body }: Reply): boolean =>
  /"values":\[\[|"hits":\[\{|"doc_count":[1-9]|"properties":\{"|"fields":\{"/.test(body)

/**
 * Asks the same of two gateways: one before a store that holds the reader's data alone, one before a store that holds a stranger's as well, who has asked the same first.
 * Whatever the reader can tell apart is a leak.
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
  asked = 0
  accepted = 0
  withRows = 0
  readonly leaks: Leak[] = []

  add(question: Question, reply: Reply, what: string | undefined): void {
    this.asked++
    if (isAccepted(reply)) this.accepted++
    if (isAccepted(reply) && hasRows(reply)) this.withRows++
    if (what !== undefined) this.leaks.push({ question, what })
  }
}

async function compare(options: RunOptions, worlds: Worlds): Promise<Outcome> {
  const tally = new Tally()
  const waiting = questions(options)
  const isOver = (): boolean => options.signal?.aborted === true || tally.leaks.length >= maxLeaks
  const runLane = async (): Promise<void> => {
    for (const { question, at } of waiting) {
      if (isOver()) return
      const { reply, what } = await askBoth(question, at, worlds)
      tally.add(question, reply, what)
      if (tally.asked % 1000 === 0) options.onProgress?.(tally.asked)
    }
  }
  await Promise.all(Array.from({ length: lanes }, runLane))
  for (const page of ownPages) await compareOwnPage(page, worlds, tally)
  return tally
}

/** What the api tells a tenant of its queries and limits, once both have asked. */
async function compareOwnPage(page: Question, { alone, together }: Worlds, tally: Tally) {
  for (const token of ['readerToken', 'managerToken'] as const) {
    const [own, beside] = await Promise.all([
      ask(alone.url, alone[token], page),
      ask(together.url, together[token], page),
    ])
    if (!isSame(own, beside)) tally.leaks.push({ question: page, what: differenceOf(own, beside) })
  }
}

async function askBoth(question: Question, at: number, { alone, together }: Worlds) {
  // What the stranger was answered a moment ago must not be what the reader is answered.
  if (at % 4 === 0) await ask(together.url, together.strangerToken, question)
  const [reply, beside] = await Promise.all([
    ask(alone.url, alone.readerToken, question),
    ask(together.url, together.readerToken, question),
  ])
  if (tellsCanary(question, beside)) return { reply, what: `the canary\n${beside.body}` }
  const isHidden = isSame(reply, beside) || (await agreesLater(question, beside, alone))
  return { reply, what: isHidden ? undefined : differenceOf(reply, beside) }
}
