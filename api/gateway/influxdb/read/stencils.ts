import { printStatement } from '@warren/influxql/print'
import { boundWindows } from '@warren/influxql/time/bound-windows'
import { type Ranged, textOf, toRanged, toStatement } from '../../cache/snap/ranged.ts'
import { toRangedQuery } from '../../cache/snap/ranged-query.ts'
import type { ScopedQuery } from '../answer-query.ts'
import { priceOf } from '../cost/price.ts'
import { readParameters } from './parameters.ts'
import { type ReadQuery, type Rights, readScoped } from './read-query.ts'

/** A moment as Grafana writes it: ms since the epoch, from 2001 to 2064. */
const moments = /[12]\d{12}ms/g
const digits = 13
const earliest = 1_000_000_000_000
const latest = 2_999_999_999_999
/** Nothing that a query says beside its two moments may move an end of its range. */
const samples = [
  [earliest, earliest + 1],
  [earliest, latest],
  [latest - 1, latest],
] as const
const clocks = [0n, BigInt(latest) * 2_000_000n]

const msNs = 1_000_000n
/** Of addresses, in characters; what is made of one takes about ten times as much. */
const mostCharacters = 1_500_000
const longest = 4096
const mostMet = 2000
const mostCosts = 20

/** An address with its two moments cut out. */
interface Cut {
  readonly pieces: readonly [string, string, string]
  readonly firstMs: number
  readonly secondMs: number
}

/** Undefined: there are not exactly two. */
function cut(address: string): Cut | undefined {
  if (address.length > longest) return undefined
  moments.lastIndex = 0
  const first = moments.exec(address)?.index
  const second = first === undefined ? undefined : moments.exec(address)?.index
  if (first === undefined || second === undefined || moments.test(address)) return undefined
  return {
    pieces: [
      address.slice(0, first),
      address.slice(first + digits, second),
      address.slice(second + digits),
    ],
    firstMs: Number(address.slice(first, first + digits)),
    secondMs: Number(address.slice(second, second + digits)),
  }
}

/** What queries with the same rights have in common that differ in the two ends of their range alone. */
interface Stencil {
  readonly select: Ranged['select']
  readonly epoch: ScopedQuery['epoch']
  /** From the moment that is written to the end that is meant: `<` excludes it. */
  readonly beforeNs: bigint
  readonly afterNs: bigint
  /** By the length of the range, ms. */
  readonly costs: Map<number, number>
}

type Sample = Omit<Stencil, 'costs'>

/** Undefined: it is not one SELECT over one range. Throws what reading a query throws. */
function readSample(
  pieces: Cut['pieces'],
  { rights, fromMs, toMs, nowNs }: { rights: Rights; fromMs: number; toMs: number; nowNs: bigint },
): Sample | undefined {
  const address = `${pieces[0]}${fromMs}${pieces[1]}${toMs}${pieces[2]}`
  const parameters = readParameters(address)
  const ranged = toRanged(readScoped(parameters, rights), nowNs)
  if (ranged === undefined || parameters.pretty) return undefined
  const { select, range } = ranged
  return {
    ...{ select, epoch: parameters.epoch },
    beforeNs: range.minNs - BigInt(fromMs) * msNs,
    afterNs: range.maxNs - BigInt(toMs) * msNs,
  }
}

const isSame = (one: Sample, other: Sample): boolean =>
  one.epoch === other.epoch &&
  one.beforeNs === other.beforeNs &&
  one.afterNs === other.afterNs &&
  textOf(one) === textOf(other)

/** Reads the query with moments at both ends of what they may be, by two clocks: where all mean the same but for their range, so does what is between. */
function toStencil(pieces: Cut['pieces'], rights: Rights): Stencil | undefined {
  let known: Sample | undefined
  try {
    for (const nowNs of clocks)
      for (const [fromMs, toMs] of samples) {
        const sample = readSample(pieces, { rights, fromMs, toMs, nowNs })
        if (sample === undefined || (known !== undefined && !isSame(known, sample)))
          return undefined
        known ??= sample
      }
  } catch {
    // Whoever reads the query itself says what is wrong with it.
    return undefined
  }
  return known && { ...known, costs: new Map() }
}

/** The cost of a range of that length; undefined when such a range is refused. */
function costOf({ costs }: Stencil, ranged: Ranged, lengthMs: number): number | undefined {
  const known = costs.get(lengthMs)
  if (known !== undefined) return known
  const statement = toStatement(ranged)
  try {
    boundWindows(statement, 0n)
  } catch {
    return undefined
  }
  if (costs.size >= mostCosts) costs.clear()
  const cost = priceOf([statement], { nowNs: 0n })
  costs.set(lengthMs, cost)
  return cost
}

/** No address has a line feed in it, and JSON has none: equal for equal rights and for no others. */
const keyOf = ({ tenant, deployments, hasSeriesNames }: Rights): string => {
  const whose = hasSeriesNames === true ? `${tenant} by series` : tenant
  return deployments === undefined ? whose : `${whose}\n${JSON.stringify(deployments)}`
}

/** Prints the query as it is written: rules that block queries read it. Holds on to nothing but the address. */
const printerOf =
  (address: string, rights: Rights): (() => string) =>
  () =>
    readScoped(readParameters(address), rights).map(printStatement).join('; ')

/** Recognises queries by all but their times: panels ask the same with each refresh, and reading it took longer than answering. */
export class Stencils {
  /** In the order of their last use. */
  readonly #known = new Map<string, Stencil>()
  #characters = 0
  /** Asked for once, so that what is never asked for again is not learnt; and those of which there is nothing to learn. */
  readonly #met = new Map<string, 'once' | 'useless'>()

  /** The query of an address (what is after its `?`), read before but for its times. Undefined: to be read as any other. */
  read(address: string, rights: Rights, nowNs: bigint): ReadQuery | undefined {
    const given = cut(address)
    if (given === undefined) return undefined
    const key = `${keyOf(rights)}\n${given.pieces.join('\n')}`
    const stencil = this.#recall(key) ?? this.#learn(key, given.pieces, rights)
    return stencil && this.#toQuery(stencil, given, { address, rights, nowNs })
  }

  #recall(key: string): Stencil | undefined {
    const stencil = this.#known.get(key)
    if (stencil === undefined) return undefined
    this.#known.delete(key)
    this.#known.set(key, stencil)
    return stencil
  }

  #toQuery(
    stencil: Stencil,
    { firstMs, secondMs }: Cut,
    { address, rights, nowNs }: { address: string; rights: Rights; nowNs: bigint },
  ): ReadQuery | undefined {
    const { select, epoch, beforeNs, afterNs } = stencil
    const range = {
      minNs: BigInt(firstMs) * msNs + beforeNs,
      maxNs: BigInt(secondMs) * msNs + afterNs,
    }
    const ranged = { select, range }
    const cost = costOf(stencil, ranged, secondMs - firstMs)
    if (cost === undefined) return undefined
    return {
      query: toRangedQuery(ranged, { epoch, nowNs, mayBeBytes: true }),
      ...{ text: printerOf(address, rights), isTextLight: true },
      ...{ cost, isEmpty: false },
    }
  }

  /** Kept from the second time on. */
  #learn(key: string, pieces: Cut['pieces'], rights: Rights): Stencil | undefined {
    const met = this.#met.get(key)
    if (met === 'useless') return undefined
    const stencil = met === undefined ? undefined : toStencil(pieces, rights)
    if (stencil !== undefined) {
      this.#met.delete(key)
      this.#keep(key, stencil)
      return stencil
    }
    if (this.#met.size >= mostMet) this.#met.clear()
    this.#met.set(key, met === undefined ? 'once' : 'useless')
    return undefined
  }

  #keep(key: string, stencil: Stencil): void {
    this.#known.set(key, stencil)
    this.#characters += key.length
    for (const oldest of this.#known.keys()) {
      if (this.#characters <= mostCharacters) return
      this.#known.delete(oldest)
      this.#characters -= oldest.length
    }
  }
}
