import type { Cost, CostContext, CostParts } from './cost/cost-parts.ts'
import { costOfSelect } from './cost/select.ts'
import { costOfShow } from './cost/show.ts'
import { toUnits } from './cost/units.ts'
import { printStatement } from './print.ts'
import type { Statement } from './tree.ts'

/** What only asks for names, or nothing at all, of no series. */
const nothing: CostParts = {
  rangeNs: 0n,
  intervalNs: 0n,
  buckets: 1,
  series: 0,
  points: 0,
  values: 0,
  functions: 0,
  regexes: 0,
}

/** What a statement costs its store, estimated from its text and the numbers given: pure, and in time proportional to the text. Throws `EvaluationError` where its range has no meaning. */
export function costOf(statement: Statement, context: CostContext): Cost {
  const parts = partsOf(statement, context)
  const size = printStatement(statement).length
  return { ...parts, size, units: toUnits(parts, size) }
}

function partsOf(statement: Statement, context: CostContext): CostParts {
  switch (statement.kind) {
    case 'select':
      return costOfSelect(statement, context)
    case 'explain':
    case 'create continuous query':
      return costOfSelect(statement.select, context)
    case 'show cardinality':
    case 'show field keys':
    case 'show measurements':
    case 'show series':
    case 'show tag keys':
    case 'show tag values':
      return costOfShow(statement, context)
    case 'alter retention policy':
    case 'create database':
    case 'create retention policy':
    case 'create subscription':
    case 'create user':
    case 'delete':
    case 'drop continuous query':
    case 'drop database':
    case 'drop measurement':
    case 'drop retention policy':
    case 'drop series':
    case 'drop shard':
    case 'drop subscription':
    case 'drop user':
    case 'grant':
    case 'kill query':
    case 'revoke':
    case 'set password':
    case 'show continuous queries':
    case 'show databases':
    case 'show diagnostics':
    case 'show grants':
    case 'show queries':
    case 'show retention policies':
    case 'show shard groups':
    case 'show shards':
    case 'show stats':
    case 'show subscriptions':
    case 'show users':
      return nothing
  }
}
