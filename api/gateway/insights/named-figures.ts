import type { InsightGroup } from '@warren/contracts/http/query-insights'
import { Figures } from './figures.ts'
import type { QueryRecord } from './record.ts'

/** A name as a key; no header, and so no name, has a line feed in it. */
export const noName = ''
export const restName = '\n'
const between = '\n'

const tokenPrefix = 'token '

const nameOf: Readonly<
  Record<Exclude<InsightGroup, 'tenant'>, (asker: QueryRecord['asker']) => string>
> = {
  dashboard: ({ dashboard }) => dashboard ?? noName,
  panel: ({ dashboard = noName, panel }) =>
    panel === undefined ? noName : `${dashboard}${between}${panel}`,
  user: ({ user, credential }) =>
    user ?? (credential.startsWith(tokenPrefix) ? noName : credential),
  token: ({ credential }) =>
    credential.startsWith(tokenPrefix) ? credential.slice(tokenPrefix.length) : noName,
}

/** The parts of a key. */
export function readName(key: string) {
  if (key === restName) return { name: null, panel: null, isRest: true }
  const [name = noName, panel] = key.split(between)
  return { name: name === noName ? null : name, panel: panel ?? null, isRest: false }
}

/** Figures by the names of one kind. Names come from headers that anybody can write: past `most`, the cheapest gives its place up and joins the rest. */
export class NamedFigures {
  readonly rows = new Map<string, Figures>()
  readonly #nameOf: (asker: QueryRecord['asker']) => string

  constructor(group: Exclude<InsightGroup, 'tenant'>) {
    this.#nameOf = nameOf[group]
  }

  /** Returns how many rows it has more than before. */
  note(record: QueryRecord, most: number): number {
    const before = this.rows.size
    const key = this.#nameOf(record.asker)
    this.#rowOf(key, most).note(record)
    return this.rows.size - before
  }

  #rowOf(key: string, most: number): Figures {
    const row = this.rows.get(key)
    if (row !== undefined) return row
    if (most === 0) return this.#open(restName)
    if (this.rows.size >= most) this.#giveUpCheapest()
    return this.#open(key)
  }

  #open(key: string): Figures {
    const row = this.rows.get(key) ?? new Figures()
    this.rows.set(key, row)
    return row
  }

  #giveUpCheapest(): void {
    let cheapest: [string, Figures] | undefined
    for (const entry of this.rows)
      if (entry[0] !== restName && (cheapest === undefined || isCheaper(entry[1], cheapest[1])))
        cheapest = entry
    if (cheapest === undefined) return
    this.rows.delete(cheapest[0])
    this.#open(restName).add(cheapest[1])
  }
}

const isCheaper = (one: Figures, other: Figures): boolean =>
  one.cost === other.cost ? one.queries < other.queries : one.cost < other.cost
