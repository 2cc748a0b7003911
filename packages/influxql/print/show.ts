import type {
  ShowCardinalityStatement,
  ShowMeasurementsStatement,
  ShowSeriesStatement,
  ShowStatement,
  ShowTagKeysStatement,
  ShowTagValuesStatement,
} from '../tree.ts'
import {
  joined,
  printCount,
  printFrom,
  printGroupBy,
  printMeasurement,
  printOn,
  printOrderBy,
  printPaging,
  printWhere,
  printWithKey,
} from './clauses.ts'
import { printName, printString } from './name.ts'

export function printShow(show: ShowStatement): string {
  switch (show.kind) {
    case 'show measurements':
      return printShowMeasurements(show)
    case 'show tag keys':
      return printTagKeys(show)
    case 'show series':
    case 'show tag values':
      return printListing(show)
    case 'show field keys':
      return joined(
        'SHOW FIELD KEYS',
        printOn(show.database),
        printFrom(show.sources),
        printOrderBy(show.sortFields),
        printPaging(show),
      )
    case 'show cardinality':
      return printCardinality(show)
    case 'show retention policies':
      return joined('SHOW RETENTION POLICIES', printOn(show.database))
    case 'show grants':
      return `SHOW GRANTS FOR ${printName(show.user)}`
    case 'show diagnostics':
    case 'show stats':
      return joined(show.kind.toUpperCase(), show.module ? `FOR ${printString(show.module)}` : '')
    case 'show continuous queries':
    case 'show databases':
    case 'show queries':
    case 'show shard groups':
    case 'show shards':
    case 'show subscriptions':
    case 'show users':
      return show.kind.toUpperCase()
  }
}

type Listing = ShowSeriesStatement | ShowTagValuesStatement | ShowTagKeysStatement

function printListing(show: Listing): string {
  return joined(
    show.kind.toUpperCase(),
    printOn(show.database),
    printFrom(show.sources),
    printWithKey(show.kind === 'show series' ? undefined : show.filter),
    printWhere(show.condition),
    printOrderBy(show.sortFields),
    printPaging(show),
  )
}

function printTagKeys(show: ShowTagKeysStatement): string {
  return joined(
    printListing(show),
    printCount('SLIMIT', show.seriesLimit),
    printCount('SOFFSET', show.seriesOffset),
  )
}

function printCardinality(show: ShowCardinalityStatement): string {
  return joined(
    'SHOW',
    show.of.toUpperCase(),
    show.exact ? 'EXACT' : '',
    'CARDINALITY',
    printOn(show.database),
    printFrom(show.sources),
    printWithKey(show.filter),
    printWhere(show.condition),
    printGroupBy(show.dimensions),
    printPaging(show),
  )
}

function printOnAny(show: ShowMeasurementsStatement): string {
  const { database, policy, anyDatabase, anyPolicy } = show
  if (!anyDatabase && database === undefined) return ''
  const name = anyDatabase ? '*' : printName(database ?? '')
  if (anyPolicy) return `ON ${name}.*`
  return policy === undefined ? `ON ${name}` : `ON ${name}.${printName(policy)}`
}

function printShowMeasurements(show: ShowMeasurementsStatement): string {
  const { source } = show
  const operator = source?.regex === undefined ? '=' : '=~'
  return joined(
    'SHOW MEASUREMENTS',
    printOnAny(show),
    source === undefined ? '' : `WITH MEASUREMENT ${operator} ${printMeasurement(source)}`,
    printWhere(show.condition),
    printOrderBy(show.sortFields),
    printPaging(show),
  )
}
