import type { HttpSender } from '@warren/stores/http/sender'
import fc from 'fast-check'
import { type Clock, tickMs } from './clock.ts'
import type { Language, Question } from './question.ts'
import { type Asking, questionsOf } from './questions.ts'
import { ask, type Reply } from './reply.ts'
import { type ReaderName, readerNames } from './tally.ts'
import { askedAt } from './times.ts'

/** Who asks at a gateway, and whose questions came before at that with the stranger. */
interface Place {
  readonly gateway: HttpSender
  readonly untilCounted: () => Promise<void>
  readonly own: string
  readonly other: string
}

export interface Places {
  readonly alone: Place
  readonly together: Place
  readonly base: Question
  readonly clock: Clock
  /** Announces what came late of the other tenant at the gateway with the stranger. */
  readonly tellLateNews: () => Promise<void>
}

/** Where answers in a row came from and how old they were, and what all took of each limit, by its name. */
interface Told {
  readonly caches: readonly string[]
  readonly spent: ReadonlyMap<string, number>
}

/** Of `"tenant-cost-86400s";r=99;t=5`: what is left, by the window. */
function leftOf({ rateLimit }: Reply): ReadonlyMap<string, number> {
  const limits = rateLimit.matchAll(/("[^"]*");r=(\d+)/g)
  return new Map([...limits].map(([, name = '', left]) => [name, Number(left)]))
}

/** What was taken from one answer to the other: only what comes later tells what was given back. */
function spent(before: Reply, after: Reply): ReadonlyMap<string, number> {
  const left = leftOf(after)
  return new Map(
    [...leftOf(before)].map(([name, had]) => [name, had - (left.get(name) ?? Number.NaN)]),
  )
}

interface Asked {
  readonly question: Question
  readonly base: Question
  readonly times: number
}

/** Asks some times, and the base around them. What is counted beside a question is counted before the next: else its price would go by which of two stores is the faster. */
async function toldAt(place: Place, { question, base, times }: Asked): Promise<Told> {
  const { gateway, own, untilCounted } = place
  await untilCounted()
  const before = await ask(gateway, own, base)
  const caches: string[] = []
  for (let left = times; left > 0; left--) {
    caches.push((await ask(gateway, own, question)).cache)
    await untilCounted()
  }
  return { caches, spent: spent(before, await ask(gateway, own, base)) }
}

/** What limits of cost tell is whole units, and the two worlds stand at other fractions of one, since answers that depend on InfluxDB's dice were asked for again of one of them: so much more or less is the same. */
const rounding = 1

/** `most` is what costs may differ by. */
function areAlike(one: Told, other: Told, most: number): boolean {
  if (one.caches.join() !== other.caches.join()) return false
  return [...one.spent].every(([name, units]) => {
    const difference = Math.abs(units - (other.spent.get(name) ?? Number.NaN))
    return difference <= (name.includes('-cost-') ? most : 0)
  })
}

const textOf = ({ caches, spent }: Told): string =>
  [...caches, `for ${[...spent].map(([name, units]) => `${name} ${units}`).join(', ')}`].join(', ')

/** So many answers, none of them kept, tell a difference of a tenth of a unit from rounding. */
const manyTimes = 20

/** Asks both the same, at once; in words, what differs. */
async function toldApart(places: readonly Place[], asked: Asked): Promise<string | undefined> {
  const both = (more: Partial<Asked>) =>
    Promise.all(places.map((place) => toldAt(place, { ...asked, ...more })))
  const [alone, together] = await both({})
  if (alone === undefined || together === undefined) throw new Error('BUG: two places answer')
  if (areAlike(alone, together, 0)) return undefined
  const anew = { ...asked.question.headers, 'cache-control': 'no-cache' }
  const many = { question: { ...asked.question, headers: anew }, times: manyTimes }
  const [first, second] = areAlike(alone, together, rounding) ? await both(many) : []
  if (first !== undefined && second !== undefined && areAlike(first, second, rounding))
    return undefined
  return `cache and limits alone: ${textOf(first ?? alone)}\n--- beside the stranger: ${textOf(second ?? together)}`
}

/**
 * Whether cache and limits tell the reader of others: what it is told of either while nothing else asks, right after the other has asked the same beside it, and a step of the grid later, when whole answers
 * are over and buckets are not. Undefined: they do not.
 */
export async function standingsDiffer(
  question: Question,
  { alone, together, base, clock, tellLateNews }: Places,
): Promise<string | undefined> {
  for (const times of [2, 1]) {
    const asked = askedAt(question, clock.now())
    await ask(together.gateway, together.other, asked)
    const difference = await toldApart([alone, together], { question: asked, base, times })
    if (difference !== undefined) return difference
    clock.advance(tickMs)
    await tellLateNews()
  }
  return undefined
}

/** Asked one after the other, with nobody else asking: one for so many of the others, and so many at most, since the clock goes on with each. */
const standingEach = 10
const mostStandings = 600
/** Far from the seeds of other questions. */
const standingsSeed = 1_000_000_000
export const baseOf: Readonly<Record<Language, Question>> = {
  influxql: { method: 'GET', path: '/gateway/influxdb/query?db=warren&q=SHOW+DATABASES' },
  search: { method: 'GET', path: '/gateway/elasticsearch/_mapping' },
}

/** No data decides what these answer: it is one answer, kept once for all of a tenant. */
export function isOfNoData({ path, body }: Question): boolean {
  const [, address] = path.split('?')
  const text = [address, body].map((form) => new URLSearchParams(form).get('q')).join('')
  return /^(\s*SHOW\s+(DATABASES|RETENTION\s+POLICIES)\b[^;]*;?)+\s*$/i.test(text)
}

/** Which questions are asked so, and by whom. */
export function standingQuestions({ language, seed, from = 0, queries }: Asking) {
  const numRuns = Math.min(mostStandings, Math.ceil(queries / standingEach))
  return fc
    .sample(questionsOf[language], { seed: standingsSeed + seed + from, numRuns })
    .flatMap((question) =>
      readerNames
        .filter((name) => name === 'reader' || !isOfNoData(question))
        .map((name): { question: Question; name: ReaderName } => ({ question, name })),
    )
}
