import type { Call, Expr } from '../tree.ts'
import { argumentOf, builtinOf, type Definitions, meaningOf } from './definitions.ts'

export const dayMs = 86_400_000

/** The longest that each can be. https://docs.influxdata.com/flux/v0/spec/lexical-elements/#duration-literals */
const unitsMs: Readonly<Record<string, number>> = {
  ...{ y: 366 * dayMs, mo: 31 * dayMs, w: 7 * dayMs, d: dayMs, h: 3_600_000, m: 60_000, s: 1000 },
  ...{ ms: 1, us: 1e-3, µs: 1e-3, ns: 1e-6 },
}

/** A moment between two, of ms since 1970, or a length of time, ms. */
type Time =
  | { readonly kind: 'moment'; readonly leastMs: number; readonly mostMs: number }
  | { readonly kind: 'length'; readonly ms: number }

export interface TimeContext {
  readonly definitions: Definitions
  /** What `now()` means; undefined: nobody knows before the program runs. */
  readonly nowMs: number | undefined
}

type Moment = Extract<Time, { kind: 'moment' }>

const moment = (leastMs: number, mostMs = leastMs): Moment | undefined =>
  Number.isFinite(leastMs) && Number.isFinite(mostMs)
    ? { kind: 'moment', leastMs, mostMs }
    : undefined

function timeOfLiteral(text: string): Time | undefined {
  if (/^\d{4}-/.test(text)) return moment(Date.parse(text))
  // A number of seconds since 1970.
  if (/^\d+$/.test(text)) return moment(Number(text) * 1000)
  const parts = [...text.matchAll(/(\d+)(mo|ms|us|µs|ns|[ywdhms])/g)]
  if (parts.map(([part]) => part).join('') !== text) return undefined
  const ms = parts.reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (unitsMs[unit] ?? Number.NaN),
    0,
  )
  return { kind: 'length', ms }
}

function negative(time: Time | undefined): Time | undefined {
  if (time?.kind === 'length') return { kind: 'length', ms: -time.ms }
  return time === undefined ? undefined : moment(-time.mostMs, -time.leastMs)
}

/** What an expression means that says a time by itself; undefined of any other. */
function timeOf(expr: Expr, context: TimeContext): Time | undefined {
  switch (expr.kind) {
    case 'literal':
      return timeOfLiteral(expr.text)
    case 'paren':
      return timeOf(expr.expr, context)
    case 'unary':
      return expr.op === '-' ? negative(timeOf(expr.expr, context)) : undefined
    case 'identifier': {
      const value = meaningOf(expr.name, context.definitions)
      // One name for another would have to be followed around circles: it is taken for unknown.
      return value === undefined || value.kind === 'identifier' ? undefined : timeOf(value, context)
    }
    case 'call':
      return timeOfCall(expr, context)
    case 'array':
    case 'binary':
    case 'conditional':
    case 'dictionary':
    case 'function':
    case 'index':
    case 'member':
    case 'pipe':
    case 'record':
    case 'string':
      return undefined
  }
}

function timeOfCall(call: Call, context: TimeContext): Time | undefined {
  const { nowMs = Number.NaN } = context
  const momentOf = (key: string) => argumentMoment(call, key, context)
  const name = builtinOf(call, context.definitions)
  if (name === undefined) return undefined
  switch (name) {
    case 'now':
      return moment(nowMs)
    case 'today':
      return moment(nowMs - dayMs, nowMs)
    case 'date.add':
      return shifted(momentOf('to'), lengthOf(argumentOf(call, 'd'), context))
    case 'date.sub':
      return shifted(momentOf('from'), -lengthOf(argumentOf(call, 'd'), context))
    case 'date.truncate': {
      const at = momentOf('t')
      const unitMs = lengthOf(argumentOf(call, 'unit'), context)
      return at === undefined ? undefined : moment(at.leastMs - unitMs, at.mostMs)
    }
    default:
      return undefined
  }
}

const shifted = (at: Moment | undefined, ms: number): Time | undefined =>
  at === undefined ? undefined : moment(at.leastMs + ms, at.mostMs + ms)

function argumentMoment(call: Call, key: string, context: TimeContext): Moment | undefined {
  const argument = argumentOf(call, key)
  return argument === undefined ? undefined : momentIn(argument, context)
}

/** When an expression says; a length of time is counted from now. Undefined where that is not known before the program runs. */
export function momentIn(expr: Expr, context: TimeContext): Moment | undefined {
  const time = timeOf(expr, context)
  if (time?.kind !== 'length') return time
  return moment((context.nowMs ?? Number.NaN) + time.ms)
}

/** Of a length of time, ms; NaN of anything else. */
export function lengthOf(expr: Expr | undefined, context: TimeContext): number {
  const time = expr === undefined ? undefined : timeOf(expr, context)
  return time?.kind === 'length' ? time.ms : Number.NaN
}

/** From `start` to `stop`, ms, at most; undefined where that is not known before the program runs. */
export function rangeOf(call: Call, context: TimeContext): number | undefined {
  const start = argumentMoment(call, 'start', context)
  const hasStop = argumentOf(call, 'stop') !== undefined
  const stopMs = hasStop ? argumentMoment(call, 'stop', context)?.mostMs : context.nowMs
  return start === undefined || stopMs === undefined
    ? undefined
    : Math.max(0, stopMs - start.leastMs)
}
