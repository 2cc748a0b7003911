import { rowId, searchRecords } from './search-records.testing.ts'

export interface QueryCase {
  readonly title: string
  /** In Elasticsearch's query DSL. */
  readonly query: object
  /** Ids of the records that match, in the order of the records. */
  readonly ids: readonly string[]
}

function rows(...numbers: readonly number[]): readonly string[] {
  return numbers.map(rowId)
}

const everything = searchRecords.map(({ id }) => id)
const host = (name: string) => ({ term: { 'host.name': name } })
/** Any case of the letters of ASCII, and of no others. */
const anyCase = (type: string, field: string, value: string) => ({
  [type]: { [field]: { value, case_insensitive: true } },
})
const hasHost = { exists: { field: 'host.name' } }

/** As `searchTable`, of what Lucene's syntax cannot say. */
export const searchQueries: readonly QueryCase[] = [
  {
    title: 'an object that exists',
    query: { exists: { field: 'log.file' } },
    ids: rows(14, 15, 16, 17, 22),
  },
  {
    title: 'one of what should match, though none is asked for',
    query: { bool: { should: [host('srv-2'), host('none')], minimum_should_match: 0 } },
    ids: rows(15),
  },
  {
    title: 'one of the words that should match, though none is asked for',
    query: { bool: { should: [{ term: { message: 'deadlock' } }], minimum_should_match: '0%' } },
    ids: rows(31),
  },
  {
    title: 'one of what should match, though fewer than none are asked for',
    query: { bool: { should: [host('srv-1'), host('srv-2')], minimum_should_match: -5 } },
    ids: rows(14, 15, 39, 40, 41),
  },
  {
    title: 'what should match beside what must not',
    query: {
      bool: {
        must_not: [{ exists: { field: 'agent.id' } }],
        should: [host('srv-1')],
        minimum_should_match: 0,
      },
    },
    ids: rows(14, 39),
  },
  {
    title: 'two of what should match',
    query: {
      bool: {
        should: [host('srv-1'), { exists: { field: 'agent.id' } }, host('none')],
        minimum_should_match: 2,
      },
    },
    ids: rows(40, 41),
  },
  {
    title: 'nothing that should match, though one is asked for',
    query: { bool: { should: [], minimum_should_match: 1 } },
    ids: everything,
  },
  {
    title: 'nothing that should match beside what must not',
    query: { bool: { must_not: [hasHost], should: [], minimum_should_match: 2 } },
    ids: rows(35, 36, 37, 38),
  },
  {
    title: 'nothing that should match beside what must',
    query: { bool: { filter: [hasHost], should: [], minimum_should_match: 1 } },
    ids: rows(),
  },
  {
    title: 'what should match beside what must',
    query: { bool: { must: [host('srv-1')], should: [host('none')], minimum_should_match: 0 } },
    ids: rows(14, 39, 40, 41),
  },
  ...(
    [
      ['term', 'host.name', 'MüNCHEN', 24],
      ['term', 'host.name', 'MÜNCHEN'],
      ['prefix', 'host.name', 'Mü', 24],
      ['prefix', 'host.name', 'MÜ'],
      ['wildcard', 'host.name', 'M?N*', 24],
      ['wildcard', 'host.name', 'MÜ*'],
      ['regexp', 'host.name', 'Mü[NC]+HEN', 24],
      ['regexp', 'host.name', 'M\\ü[^A]{2}hEn', 24],
      ['regexp', 'host.name', 'Mü[^N].*'],
      ['regexp', 'host.name', 'MÜ.*'],
      ['regexp', 'host.name', 'm[Ü]nchen'],
      ['regexp', 'host.name', '[A-N]ünchen'],
      ['term', 'message', 'GRößE', 24],
      ['term', 'message', 'GRÖßE'],
      ['prefix', 'message', 'GRÖ'],
      ['regexp', 'message', 'GRö.E', 24],
    ] as const
  ).map(([type, field, value, row]) => ({
    title: `${type} of ${field} in any case: ${value}`,
    query: anyCase(type, field, value),
    ids: row === undefined ? rows() : rows(row),
  })),
]
