import type { Random } from '../random.ts'
import { clockChange } from './generate-clock-change.ts'
import { columns, inParentheses, quotient, twice } from './generate-columns.ts'
import { byTime, forecast, math, raw, transform, whole } from './generate-select.ts'
import { show } from './generate-show.ts'
import { subquery } from './generate-subquery.ts'

export interface Query {
  readonly text: string
  readonly epoch: string | undefined
}

const kinds: readonly (readonly [number, (random: Random) => string])[] = [
  [16, raw],
  [30, byTime],
  [14, whole],
  [14, transform],
  [4, math],
  [1, forecast],
  [13, subquery],
  [8, show],
  [3, clockChange],
  [3, quotient],
  [3, columns],
  [1, inParentheses],
  [1, twice],
]

const epochs = [undefined, undefined, 'ns', 'u', 'ms', 'ms', 's', 'm', 'h', 'x']

/** One query, or several in one text. */
export function queryOf(random: Random): Query {
  const one = () => random.weighted(kinds)(random)
  const epoch = random.pick(epochs)
  return { text: random.chance(0.03) ? `${one()}; ${one()}` : one(), epoch }
}
