import { describe, expect, test } from 'vitest'
import { parseSearch } from './search.ts'

describe('names of what the store itself knows of a record are refused in what is shown of it', () => {
  test.each<readonly [where: string, field: string]>([
    ...['_seq_no', '_index', '_version', '_tier', '_id', '_*'].flatMap((field) => [
      ['docvalue_fields', field] as const,
      ['fields', field] as const,
      ['highlight', field] as const,
    ]),
    // Elasticsearch leaves these names out of a wildcard in `fields` and in `highlight` only.
    ['docvalue_fields', '*_no'],
    ['docvalue_fields', '*'],
  ])('[%s] of [%s]', (where, field) => {
    const reason = `[${field}] is not accepted in [${where}]`
    const bodies =
      where === 'highlight'
        ? [{ highlight: { fields: { [field]: {} } } }, { highlight: { fields: [{ [field]: {} }] } }]
        : [{ [where]: [field] }, { [where]: [{ field }] }, { [where]: field }]
    for (const body of bodies) expect(() => parseSearch(body)).toThrow(reason)
  })

  test('those of a record are not', () => {
    const body = {
      docvalue_fields: ['@timestamp', 'host.*', 'log*l'],
      fields: ['*', '*name', 'a_b', { field: '@timestamp' }],
      highlight: { fields: { '*': {} } },
    }
    expect(() => parseSearch(body)).not.toThrow()
  })
})
