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

/** Of one kind. */
const mostNames = 100

/** Figures by the names of one kind. Names come from headers that anybody can write: past a hundred the cheapest give their places up and join the rest, a hundred at a time. */
export class NamedFigures {
  readonly #rows = new Map<string, Figures>()
  readonly #nameOf: (asker: QueryRecord['asker']) => string
  /** As `note` has told. */
  #told = 0

  constructor(group: Exclude<InsightGroup, 'tenant'>) {
    this.#nameOf = nameOf[group]
  }

  /** A hundred and the rest, at most. */
  get rows(): ReadonlyMap<string, Figures> {
    this.#giveUpCheapest()
    return this.#rows
  }

  /** Opens no row but that of the rest unless it may grow. Returns how many rows there are more than at the last time. */
  note(record: QueryRecord, mayGrow: boolean): number {
    const key = this.#nameOf(record.asker)
    const row = this.#rows.get(key) ?? this.#open(mayGrow ? key : restName)
    row.note(record)
    if (this.#rows.size > 2 * mostNames) this.#giveUpCheapest()
    const more = this.#rows.size - this.#told
    this.#told += more
    return more
  }

  #open(key: string): Figures {
    const row = this.#rows.get(key) ?? new Figures()
    this.#rows.set(key, row)
    return row
  }

  #giveUpCheapest(): void {
    const named = [...this.#rows].filter(([key]) => key !== restName)
    if (named.length <= mostNames) return
    named.sort(([, one], [, other]) => byCheapness(one, other))
    for (const [key, row] of named.slice(0, -mostNames)) {
      this.#rows.delete(key)
      this.#open(restName).add(row)
    }
  }
}

const byCheapness = (one: Figures, other: Figures): number =>
  one.cost === other.cost ? one.queries - other.queries : one.cost - other.cost
