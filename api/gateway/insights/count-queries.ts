import { Counter, type Registry } from 'prom-client'
import type { NoteQuery } from './record.ts'

/** Counts queries by protocol and state: labels of bounded lists only. */
export function countQueries(registry: Registry): NoteQuery {
  const registers = [registry]
  const labelNames = ['protocol', 'state'] as const
  const total = new Counter({
    ...{ name: 'warren_api_queries_total', help: 'Queries answered', labelNames, registers },
  })
  const cost = new Counter({
    name: 'warren_api_query_cost_total',
    help: 'Cost of the queries answered, in units',
    labelNames,
    registers,
  })
  return ({ protocol, state, cost: units }) => {
    total.inc({ protocol, state })
    cost.inc({ protocol, state }, units)
  }
}
