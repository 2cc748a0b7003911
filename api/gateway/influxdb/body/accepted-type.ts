import type { IncomingHttpHeaders } from 'node:http'

/** In this order where a client takes several alike. */
const types = ['application/json', 'application/csv', 'text/csv'] as const
export type AnswerType = (typeof types)[number]

interface Wish {
  readonly range: string
  readonly weight: number
}

function toWish(part: string): Wish {
  const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
  const weight = parameters.find((each) => each.startsWith('q='))
  return { range, weight: weight === undefined ? 1 : Number(weight.slice(2)) || 0 }
}

const takes = (range: string, type: AnswerType): boolean =>
  range === '*/*' || range === type || range === `${type.slice(0, type.indexOf('/'))}/*`

/** The type of an answer that a client wants most, JSON where it wants none that there is, as in InfluxDB (services/httpd/accept.go). */
export function acceptedType({ accept }: IncomingHttpHeaders): AnswerType {
  if (accept === undefined || !/csv|text\/\*/i.test(accept)) return 'application/json'
  const wishes = accept
    .split(',')
    .map(toWish)
    .filter(({ weight }) => weight > 0)
  for (const { range } of wishes.sort((a, b) => b.weight - a.weight)) {
    const type = types.find((each) => takes(range, each))
    if (type !== undefined) return type
  }
  return 'application/json'
}
