import { expect, it } from 'vitest'
import { toOutcome } from './bulk-outcome.ts'

it.each([
  [201, undefined, 'stored'],
  [409, 'version_conflict_engine_exception', 'stored'],
  [429, 'es_rejected_execution_exception', 'again'],
  [503, 'unavailable_shards_exception', 'again'],
  [403, 'cluster_block_exception', 'again'],
  [404, 'index_not_found_exception', 'again'],
  [400, 'validation_exception', 'again'],
  [400, 'document_parsing_exception', 'refused'],
  [400, 'illegal_argument_exception', 'refused'],
])('an item answered %i %s is %s', (status, type, kind) => {
  const error = type === undefined ? {} : { error: { type, reason: 'because' } }
  expect(toOutcome({ status, _index: 'i', ...error })).toMatchObject({ kind })
})

it('says why a record is refused, and names a bad time', () => {
  const error = {
    type: 'document_parsing_exception',
    reason: 'failed to parse field [@timestamp]',
    caused_by: { reason: 'before the epoch' },
  }
  expect(toOutcome({ status: 400, error })).toEqual({
    kind: 'refused',
    refusal: {
      code: 'bad_timestamp',
      reason: 'failed to parse field [@timestamp]: before the epoch',
    },
  })
})
