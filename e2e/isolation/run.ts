import { Clock, forgetMs, tickMs } from './clock.ts'
import { ownPages } from './own-pages.ts'
import type { Language, Question } from './question.ts'
import { type Asking, type NumberedQuestion, questions } from './questions.ts'
import { ask, differenceOf, isSame, type Reply, tellsCanary } from './reply.ts'
import { baseOf, isOfNoData, standingQuestions, standingsDiffer } from './standings.ts'
import {
  type Compared,
  type Leak,
  type Outcome,
  type ReaderName,
  readerNames,
  Tally,
} from './tally.ts'
import { askedAt } from './times.ts'
import { openWorld, type StoreName, type World } from './world.ts'

export interface RunOptions extends Asking {
  readonly store: StoreName
  readonly signal?: AbortSignal
  /** Told of all so far, each few hundred queries. */
  readonly onProgress?: (outcome: Outcome) => void
  /** Told at once: a run takes an hour. */
  readonly onLeak?: (leak: Leak) => void
}

const maxLeaks = 10
const progressEach = 250
/** How many questions are asked at one moment of the clock. */
const tickEach = 100

const tries = 200

/** Who asks at which gateway. */
interface Asked {
  readonly gateway: World['gateway']
  readonly token: string
}

/** Readers, each with whose question it must not be given the answer of. */
const readers = {
  reader: { own: 'readerToken', other: 'strangerToken' },
  granted: { own: 'grantedToken', other: 'landlordToken' },
} as const

/**
 * Whether the gateway without the stranger gives the other's answer too, when it is asked again: InfluxDB 1.6 cuts series into pieces by chance (ORDER BY time DESC of several calls and series),
 * and begins with any of the series where all points have one time (`integral` without GROUP BY time; the rarer orders come once in ten to twenty answers). The answer that the gateway keeps is no other throw of the dice.
 */
async function agreesLater(question: Question, other: Reply, { gateway, token }: Asked) {
  const anew = { ...question, headers: { ...question.headers, 'cache-control': 'no-cache' } }
  for (let left = tries; left > 0; left--)
    for (const again of [anew, withTruth(question, left)])
      if (again !== undefined && isSame(await ask(gateway, token, again), other)) return true
  return false
}

/** The same with what is true of every row: nothing is kept of it, and its live range is moved as that of the question was, which one that is to be fresh is not. Undefined: it has no condition. */
function withTruth({ path, body, ...more }: Question, number: number): Question | undefined {
  const truth = `WHERE+host+%21%7E+%2F%5Eno_${number}%24%2F+AND+`
  const withIt = (text: string): string => text.replace(/\bWHERE\+/i, truth)
  const asked = {
    ...more,
    path: withIt(path),
    ...(body === undefined ? {} : { body: withIt(body) }),
  }
  return asked.path === path && asked.body === body ? undefined : asked
}

/**
 * Asks the same of two gateways: one before a store that holds the reader's data alone, one before a store that holds a stranger's as well, who has asked the same first.
 * And so with a token limited to one deployment of a tenant, beside what the tenant's other deployments have. Whatever the reader can tell apart is a leak.
 */
export async function runIsolation(options: RunOptions): Promise<Outcome> {
  const { language, store } = options
  const clock = new Clock()
  const opening = [false, true].map((withStranger) =>
    openWorld({ language, store, clock, withStranger }),
  )
  const settled = await Promise.allSettled(opening)
  try {
    const [alone, together] = await Promise.all(opening)
    if (alone === undefined || together === undefined) throw new Error('BUG: there are two worlds')
    await advance({ alone, together, clock }, forgetMs)
    return await compare(options, { alone, together, clock })
  } finally {
    for (const world of settled) if (world.status === 'fulfilled') await world.value.close()
  }
}

interface Worlds {
  readonly alone: World
  readonly together: World
  readonly clock: Clock
}

interface Run {
  readonly options: RunOptions
  readonly worlds: Worlds
  readonly tally: Tally
}

/** Once nothing is counted in either. */
async function advance({ alone, together, clock }: Worlds, ms: number): Promise<void> {
  await Promise.all([alone.untilCounted(), together.untilCounted()])
  clock.advance(ms)
}

/** One after the other, so that what is kept of each when the next is asked is the same in both worlds. */
async function compare(options: RunOptions, worlds: Worlds): Promise<Outcome> {
  const tally = new Tally(options.onLeak)
  const run = { options, worlds, tally }
  for (const numbered of questions(options)) {
    if (isOver(options, tally)) break
    if (numbered.at % tickEach === 0) {
      await advance(worlds, tickMs)
      await worlds.together.tellLateNews()
    }
    await askReaders(numbered, run)
    if (tally.granted.asked % progressEach === 0) options.onProgress?.(tally)
  }
  for (const page of ownPages) await compareOwnPage(page, worlds, tally)
  await compareStandings(options, worlds, tally)
  return tally
}

/** Both at once: they share nothing. */
async function askReaders({ question, at }: NumberedQuestion, run: Run): Promise<void> {
  const { worlds, tally } = run
  const asked = { question: askedAt(question, worlds.clock.now()), at }
  const compared = await Promise.all(
    readerNames.map(async (name) => ({ name, ...(await askBoth(name, asked, worlds)) })),
  )
  for (const { name, ...each } of compared) tally.add(name, asked.question, each)
  for (const { name, origins } of compared)
    if (origins !== undefined) await askOfOrigins({ question, name, origins }, run)
}

const isOver = ({ signal }: RunOptions, { leaks }: Outcome): boolean =>
  signal?.aborted === true || leaks.length >= maxLeaks

/** Whether cache and limits tell a reader of others, with nobody else asking. */
function standingOf(
  { question, name }: { readonly question: Question; readonly name: ReaderName },
  language: Language,
  { alone, together, clock }: Worlds,
): Promise<string | undefined> {
  const { own, other } = readers[name]
  const placeOf = (world: World) => ({
    gateway: world.gateway,
    untilCounted: () => world.untilCounted(),
    own: world[own],
    other: world[other],
  })
  const { tellLateNews } = together
  const places = { alone: placeOf(alone), together: placeOf(together) }
  return standingsDiffer(question, { ...places, base: baseOf[language], clock, tellLateNews })
}

async function compareStandings(options: RunOptions, worlds: Worlds, tally: Tally): Promise<void> {
  await advance(worlds, forgetMs)
  for (const { question, name } of standingQuestions(options)) {
    if (isOver(options, tally)) return
    const what = await standingOf({ question, name }, options.language, worlds)
    if (what !== undefined) tally.leak({ question, what: `${name}: ${what}` })
  }
}

/** Of answers that are kept in one world alone, so many in a thousand may be chance. */
const mostApart = 2

/** Asks about the origin of an answer again, from nothing kept: a gateway that was deaf for a moment has forgotten its buckets, as it must. */
async function askOfOrigins(
  { question, name, origins }: { question: Question; name: ReaderName; origins: string },
  { options: { language }, worlds, tally }: Run,
): Promise<void> {
  await advance(worlds, forgetMs)
  const again = await standingOf({ question, name }, language, worlds)
  tally.apart++
  const isOften = tally.apart > 1 + (mostApart * tally.reader.asked) / 1000
  if (again !== undefined || isOften)
    tally.leak({ question, what: `${name}: ${origins}\n${again ?? 'too often'}` })
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

function originsDiffer(alone: Reply, together: Reply): string | undefined {
  if (alone.cache === together.cache) return undefined
  return `alone: ${alone.cache}\n--- beside the stranger: ${together.cache}`
}

async function askBoth(
  name: ReaderName,
  { question, at }: NumberedQuestion,
  { alone, together }: Pick<Worlds, 'alone' | 'together'>,
): Promise<Compared> {
  const { own, other } = readers[name]
  // What the other was answered a moment ago must not be what the reader is answered.
  if (at % 4 === 0) await ask(together.gateway, together[other], question)
  const [reply, beside] = await Promise.all([
    ask(alone.gateway, alone[own], question),
    ask(together.gateway, together[own], question),
  ])
  const origins =
    name === 'granted' && isOfNoData(question) ? undefined : originsDiffer(reply, beside)
  if (tellsCanary(question, beside)) return { reply, origins, what: `the canary\n${beside.body}` }
  const again = { gateway: alone.gateway, token: alone[own] }
  const isHidden = isSame(reply, beside) || (await agreesLater(question, beside, again))
  return { reply, origins, what: isHidden ? undefined : differenceOf(reply, beside) }
}
