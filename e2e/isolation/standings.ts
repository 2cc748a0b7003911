import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpSender } from '@warren/stores/http/sender'
import type { Question } from './question.ts'
import { ask, type Reply } from './reply.ts'

/** Who asks at a gateway, and whose questions came before at that with the stranger. */
export interface Place {
  readonly gateway: HttpSender
  readonly own: string
  readonly other: string
}

/** Of two answers in a row: where they came from, and what both took of each limit. Searches of one body race for what is told of them. */
type Told = readonly string[]

/** The gateway's answers of now change with each: a question in the last of it might be asked before and after. */
const gridMs = 5000
const safeMs = 3500

async function untilGridHasTime(): Promise<void> {
  const passedMs = Date.now() % gridMs
  if (passedMs > safeMs) await sleep(gridMs - passedMs + 50)
}

/** Of `"tenant-cost-86400s";r=99;t=5`: what is left, by the window. */
function leftOf({ rateLimit }: Reply): ReadonlyMap<string, number> {
  const limits = rateLimit.matchAll(/("[^"]*");r=(\d+)/g)
  return new Map([...limits].map(([, name = '', left]) => [name, Number(left)]))
}

const stateOf = ({ cache }: Reply): string => cache.split(';')[0] ?? ''

/** What was taken from one answer to the other: only what comes later tells what was given back. */
function spent(before: Reply, after: Reply): string {
  const left = leftOf(after)
  return [...leftOf(before)]
    .map(([name, had]) => `${name} ${had - (left.get(name) ?? Number.NaN)}`)
    .join(', ')
}

async function toldAt({ gateway, own }: Place, question: Question, base: Question): Promise<Told> {
  const before = await ask(gateway, own, base)
  const first = await ask(gateway, own, question)
  const second = await ask(gateway, own, question)
  const after = await ask(gateway, own, base)
  return [stateOf(first), stateOf(second), `for ${spent(before, after)}`]
}

/**
 * Whether cache and limits tell the reader of others: what it is told of either while nothing else asks, right after the other has asked the same beside it. Undefined: they do not.
 * Questions must be none that were asked before: an answer that is kept is found whenever it is asked for.
 */
export async function standingsDiffer(
  question: Question,
  { alone, together, base }: { alone: Place; together: Place; base: Question },
): Promise<string | undefined> {
  await untilGridHasTime()
  await ask(together.gateway, together.other, question)
  const [own, beside] = await Promise.all([
    toldAt(alone, question, base),
    toldAt(together, question, base),
  ])
  if (own.join() === beside.join()) return undefined
  return `cache and limits alone: ${own.join(', ')}\n--- beside the stranger: ${beside.join(', ')}`
}
