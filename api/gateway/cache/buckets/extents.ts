import { KeptAnswers, type KeptLimits } from '../kept-answers.ts'
import type { Lateness } from '../late/late-data.ts'
import { bytesOf, cut, endOf, type Stretch } from './stretch.ts'

/** Buckets that are over, as the store had them. */
export interface Extent {
  readonly tenant: string
  readonly measurement: string
  readonly stretch: Stretch
  /** When the store was asked for its oldest part, ms. */
  readonly askedMs: number
  /** When other instances were last given it, or gave it, ms; absent: they were not. */
  readonly sharedMs?: number
}

export interface ExtentLimits extends KeptLimits {
  readonly maxAgeMs: number
}

/** A moment between two pieces of news of late points. */
export type NewsMark = number

/** More at one time, and whatever is being asked for is not kept. */
const maxNews = 1000

/** How far the clocks of instances may be apart, as those of pollers and instances may. */
const skewMs = 15_000

interface News {
  readonly lateness: Lateness
  readonly heardMs: number
}

const concerns = ({ tenant, measurement }: Lateness, extent: Extent): boolean =>
  tenant === extent.tenant && (measurement ?? extent.measurement) === extent.measurement

/** The longer rest of a stretch before or after the buckets that a span touches; undefined when nothing is left. */
function without(stretch: Stretch, { oldestMs, newestMs }: Lateness): Stretch | undefined {
  const { startMs, stepMs } = stretch
  const endMs = endOf(stretch)
  if (newestMs < startMs || oldestMs >= endMs) return stretch
  const upToMs = startMs + Math.max(0, Math.floor((oldestMs - startMs) / stepMs)) * stepMs
  const afterMs = Math.min(
    endMs,
    startMs + (Math.floor((newestMs - startMs) / stepMs) + 1) * stepMs,
  )
  if (upToMs === startMs && afterMs === endMs) return undefined
  return upToMs - startMs >= endMs - afterMs
    ? cut(stretch, startMs, upToMs)
    : cut(stretch, afterMs, endMs)
}

/** One stretch of buckets for each question, cut where points came late. */
export class Extents {
  readonly #kept: KeptAnswers<Extent>
  readonly #maxAgeMs: number
  readonly #now: () => number
  #news: News[] = []
  /** Of all news; `#news` has the last of them. */
  #count = 0
  /** Marks before it are too old. */
  #forgotten = 0
  /** All news since then is known. */
  #knownSinceMs: number

  constructor(limits: ExtentLimits, now: () => number = Date.now) {
    this.#kept = new KeptAnswers(limits)
    this.#maxAgeMs = limits.maxAgeMs
    this.#now = now
    this.#knownSinceMs = now()
  }

  get bytes(): number {
    return this.#kept.bytes
  }

  get(key: string, nowMs: number): Extent | undefined {
    return this.#kept.get(key, nowMs)
  }

  /** Now: what is asked for from here on and kept later is cut where points come late meanwhile. */
  mark(): NewsMark {
    return this.#count
  }

  keep(key: string, extent: Extent, since: NewsMark): void {
    if (since < this.#forgotten) return
    const news = this.#news.slice(this.#news.length - (this.#count - since))
    const left = cutAll(extent, news)
    if (left === undefined) {
      this.#kept.delete(key)
      return
    }
    const { tenant, stretch, askedMs } = left
    const bytes = bytesOf(stretch) + 2 * key.length
    this.#kept.set(key, { tenant, value: left, bytes, untilMs: askedMs + this.#maxAgeMs })
  }

  /** What is left, for this instance, of what another one has asked for; undefined: nothing, or it cannot be known, since that was before this one heard of all that comes late. */
  adopted(extent: Extent): Extent | undefined {
    const sinceMs = extent.askedMs - skewMs
    if (sinceMs < this.#knownSinceMs || extent.askedMs + this.#maxAgeMs <= this.#now())
      return undefined
    const news = this.#news.filter(({ heardMs }) => heardMs >= sinceMs)
    return cutAll(extent, news)
  }

  cut(lateness: Lateness): void {
    this.#count += 1
    this.#news.push({ lateness, heardMs: this.#now() })
    if (this.#news.length > maxNews) {
      this.#knownSinceMs = this.#news.shift()?.heardMs ?? this.#now()
      this.#forgotten = this.#count - maxNews
    }
    this.#kept.replace((extent) => cutExtent(extent, lateness))
  }

  /** Forgets all, and what is being asked for too. */
  clear(): void {
    this.#kept.clear()
    this.#news = []
    this.#count += 1
    this.#forgotten = this.#count
    this.#knownSinceMs = this.#now()
  }
}

const cutAll = (extent: Extent, news: readonly News[]): Extent | undefined =>
  news.reduce<Extent | undefined>((left, { lateness }) => cutExtent(left, lateness), extent)

function cutExtent(extent: Extent | undefined, lateness: Lateness): Extent | undefined {
  if (extent === undefined || !concerns(lateness, extent)) return extent
  const stretch = without(extent.stretch, lateness)
  if (stretch === extent.stretch) return extent
  return stretch === undefined ? undefined : { ...extent, stretch }
}
