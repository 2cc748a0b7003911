import type { StatementResult } from '@warren/influxql/answers/result'
import { printMeasurement } from '@warren/influxql/print/clauses'
import { type RollupName, rollupNames } from '@warren/influxql/rollup-policy'
import { guarded } from '@warren/influxql/scope/guard'
import { withRange } from '@warren/influxql/time/time-bounds'
import type { TimeRange } from '@warren/influxql/time-range'
import type { Measurement, SelectStatement, Statement } from '@warren/influxql/tree'
import type { Asker } from '../asker.ts'
import type { MakeAnswer, ScopedQuery } from '../influxdb/answer-query.ts'
import type { Missing } from './plan.ts'
import { fieldKeysOf, probedFields, type RollupFields } from './rollup-fields.ts'

interface Known {
  readonly fields: RollupFields
  readonly untilMs: number
}

const freshMs = 60_000
const mostKnown = 5000
/** Where something is missing, the end of it most often has some. */
const firstLookNs = 2n * 86_400_000_000_000n

/** What rollups have, asked for as their tenant would. */
export class RollupReader {
  readonly #ask: MakeAnswer
  readonly #known = new Map<string, Known>()

  constructor(ask: MakeAnswer) {
    this.#ask = ask
  }

  /** Fields that a measurement has in a rollup, a minute old at most; none: it has nothing of it. Who has grants is told of those that have a value there. */
  async fields({ policy, source, range }: Place, who: Who): Promise<RollupFields> {
    const { tenant, deployments } = who.asker
    if (deployments !== undefined) return this.#fieldsWithin({ policy, source, range }, who)
    const key = `${tenant} ${printMeasurement({ ...source, policy })}`
    const nowMs = performance.now()
    const known = this.#known.get(key)
    if (known !== undefined && known.untilMs > nowMs) return known.fields
    const { series = [], error } = await this.#one(fieldKeysOf(policy, source), who)
    const fields = new Set(series.flatMap(({ values }) => values.map(([name]) => String(name))))
    if (this.#known.size >= mostKnown) this.#known.clear()
    if (error === undefined) this.#known.set(key, { fields, untilMs: nowMs + freshMs })
    return fields
  }

  /** A list of all fields would tell of other deployments. */
  async #fieldsWithin({ policy, source, range }: Place, who: Who): Promise<RollupFields> {
    const all = { kind: 'call', name: 'last', args: [{ kind: 'wildcard' }] } as const
    const select = { ...this.#guarded({ ...source, policy }, who), fields: [{ expr: all }] }
    const { series = [] } = await this.#one(withRange(select, range), who)
    const names = series.flatMap(({ columns, values }) =>
      columns.filter((_, at) => at > 0 && values.some((row) => (row[at] ?? null) !== null)),
    )
    return new Set(names.map((name) => name.slice('last_'.length)))
  }

  /** Whether rollups have anything of what a statement asks for and points do not have. */
  async hasAny(select: SelectStatement, missing: readonly Missing[], who: Who): Promise<boolean> {
    for (const { source, range } of missing)
      for (const policy of rollupNames.toReversed()) {
        const fields = probedFields(select, await this.fields({ policy, source, range }, who))
        const probe = { source: { ...source, policy }, fields, range }
        if (fields.length > 0 && (await this.#findsAny(probe, who))) return true
      }
    return false
  }

  async #findsAny(probe: Probe, who: Who): Promise<boolean> {
    const { minNs, maxNs } = probe.range
    const lastNs = maxNs - firstLookNs
    if (minNs >= lastNs) return this.#finds(probe, who)
    const last = { ...probe, range: { minNs: lastNs, maxNs } }
    return (await this.#finds(last, who)) || this.#finds(probe, who)
  }

  async #finds({ source, fields, range }: Probe, who: Who): Promise<boolean> {
    const select = {
      ...this.#guarded(source, who),
      fields: fields.map((name) => ({
        expr: { kind: 'call', name: 'last', args: [{ kind: 'reference', name }] } as const,
      })),
    }
    const { series = [] } = await this.#one(withRange(select, range), who)
    return series.length > 0
  }

  /** Of all that the asker may see. */
  #guarded(source: Measurement, { asker: { tenant, deployments } }: Who): SelectStatement {
    return {
      ...{ kind: 'select', fields: [], sources: [source], dimensions: [], sortFields: [] },
      condition: guarded(undefined, { tenant, deployments }),
      fill: { kind: 'null' },
      ...{ limit: 0, offset: 0, seriesLimit: 0, seriesOffset: 0 },
    }
  }

  async #one(statement: Statement, { query: { nowNs }, asker }: Who): Promise<StatementResult> {
    const answer = await this.#ask({ statements: [statement], epoch: 'ms', nowNs }, asker)
    return answer.rows()[0] ?? { statement_id: 0 }
  }
}

/** A query that is asked and who asks it. */
export interface Who {
  readonly query: ScopedQuery
  readonly asker: Asker
}

interface Place {
  readonly policy: RollupName
  readonly source: Measurement
  readonly range: TimeRange
}

interface Probe {
  readonly source: Measurement
  readonly fields: readonly string[]
  readonly range: TimeRange
}
