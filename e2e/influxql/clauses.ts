import type { Random } from '../random.ts'
import { firstMs, lastMs, type Shape } from './dataset.ts'

export const ident = (name: string): string =>
  /^[a-z_]+$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`
export const text = (value: string): string => `'${value.replace(/['\\]/g, '\\$&')}'`

const hourMs = 3_600_000

/** A moment as the languages of the store allow it to be written. */
function momentOf(random: Random, ms: number): string {
  return random.weighted([
    [4, text(new Date(ms).toISOString())],
    [4, `${ms}ms`],
    [1, `${ms / 1000}s`.replace('.', '')],
    [1, `${BigInt(ms) * 1_000_000n}`],
    [1, text(new Date(ms).toISOString().slice(0, 19).replace('T', ' '))],
    [1, `${text(new Date(ms - hourMs).toISOString())} + 1h`],
  ])
}

export interface Range {
  readonly fromMs: number
  readonly toMs: number
  readonly text: string
}

/** `time` bounds of some hours within the data, or around them. */
export function rangeOf(random: Random): Range {
  const spanMs = random.pick([1, 3, 6, 12, 24, 48, 72]) * hourMs
  const step = random.pick([1000, 60_000, hourMs])
  const latest = lastMs - spanMs + 4 * hourMs
  const fromMs = Math.floor((firstMs + random.fraction() * (latest - firstMs)) / step) * step
  const toMs = fromMs + spanMs
  const [low, high] = [random.pick(['>=', '>']), random.pick(['<', '<='])]
  const written = `time ${low} ${momentOf(random, fromMs)} AND time ${high} ${momentOf(random, toMs)}`
  return { fromMs, toMs, text: written }
}

const regexes = ['/^a$/', '/a|b/', '/./', '/^$/', '/[^a]/', '/(?i)EU/', '/s/']

function tagTest(random: Random, { tags }: Shape): string | undefined {
  const keys = Object.keys(tags)
  if (keys.length === 0) return undefined
  const key = random.pick(keys)
  const name = random.chance(0.3) ? `${ident(key)}::tag` : ident(key)
  if (random.chance(0.4)) return `${name} ${random.pick(['=~', '!~'])} ${random.pick(regexes)}`
  return `${name} ${random.pick(['=', '!=', '<>'])} ${text(random.pick([...(tags[key] ?? []), '', 'none']))}`
}

function fieldTest(random: Random, { fields }: Shape): string {
  const [name, kind] = random.pick(Object.entries(fields))
  switch (kind) {
    case 'float':
    case 'integer': {
      const op = random.pick(['>', '<', '>=', '<=', '=', '!='])
      const value = random.pick(['0', '10', '50.5', '-1', '100'])
      const left = random.chance(0.2) ? `${ident(name)} ${random.pick(['*', '+'])} 2` : ident(name)
      return `${left} ${op} ${value}`
    }
    case 'string':
      return random.chance(0.3)
        ? `${ident(name)} ${random.pick(['=~', '!~'])} ${random.pick(['/u/', '/^d/', '/^$/'])}`
        : `${ident(name)} ${random.pick(['=', '!='])} ${text(random.pick(['up', 'down', '']))}`
    case 'boolean':
      return `${ident(name)} ${random.pick(['=', '!='])} ${random.pick(['true', 'false'])}`
  }
}

/** Conditions on tags and fields; empty for none. */
function testsOf(random: Random, shape: Shape): string {
  if (random.chance(0.5)) return ''
  const one = () =>
    (random.chance(0.6) ? tagTest(random, shape) : undefined) ?? fieldTest(random, shape)
  const first = one()
  if (random.chance(0.6)) return first
  const both = `${first} ${random.pick(['AND', 'OR'])} ${one()}`
  return random.chance(0.3) ? `(${both}) AND ${one()}` : `(${both})`
}

export function whereOf(random: Random, shape: Shape, range: Range | undefined): string {
  const parts = [range?.text ?? '', testsOf(random, shape)].filter((part) => part !== '')
  if (random.chance(0.3)) parts.reverse()
  return parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`
}

/** Tags to group by; empty for none. */
export function tagGroups(random: Random, { tags }: Shape): string[] {
  const keys = Object.keys(tags)
  return random.weighted<() => string[]>([
    [5, () => []],
    [4, () => (keys.length === 0 ? [] : random.some(keys).map(ident))],
    [2, () => ['*']],
    [1, () => ['/host|k/']],
    [0.5, () => ['nosuch']],
  ])()
}

export interface Interval {
  readonly seconds: number
  readonly text: string
}

/** `time(…)` with at most some hundred buckets in the range. */
export function intervalOf(random: Random, { fromMs, toMs }: Range): Interval {
  const fits = [
    300, 600, 1800, 3600, 5400, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
  ].filter((s) => (toMs - fromMs) / 1000 / s <= 100)
  const seconds = random.pick(fits.slice(0, 6))
  const unit = seconds % 3600 === 0 ? `${seconds / 3600}h` : `${seconds / 60}m`
  const offset = random.chance(0.2) ? `, ${random.pick(['7m', '-15m', '1h', '90m', '30s'])}` : ''
  return { seconds, text: `time(${unit}${offset})` }
}

export const fillOf = (random: Random): string =>
  random.pick([
    '',
    '',
    ' fill(null)',
    ' fill(none)',
    ' fill(0)',
    ' fill(-1.5)',
    ' fill(100)',
    ' fill(previous)',
    ' fill(linear)',
  ])

export interface TailOptions {
  readonly zone?: boolean
}

/** ORDER BY, LIMIT, OFFSET, SLIMIT, SOFFSET, tz(). */
export function tailOf(random: Random, { zone = true }: TailOptions = {}): string {
  const parts: string[] = []
  if (random.chance(0.25)) parts.push(`ORDER BY time ${random.pick(['DESC', 'DESC', 'ASC'])}`)
  if (random.chance(0.2)) parts.push(`LIMIT ${random.int(1, 20)}`)
  if (random.chance(0.1)) parts.push(`OFFSET ${random.int(0, 5)}`)
  if (random.chance(0.1)) parts.push(`SLIMIT ${random.int(1, 3)}`)
  if (random.chance(0.05)) parts.push(`SOFFSET ${random.int(0, 2)}`)
  if (zone && random.chance(0.2))
    parts.push(
      `tz('${random.pick(['Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'])}')`,
    )
  return parts.length === 0 ? '' : ` ${parts.join(' ')}`
}
