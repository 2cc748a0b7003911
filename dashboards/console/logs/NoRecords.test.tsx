import { expect, it } from 'vitest'
import { markupOf } from '../testing.tsx'
import { NoRecords } from './NoRecords.tsx'

it('does not speak of words where none are searched for, but of how lines come', () => {
  const markup = markupOf(<NoRecords text=" " />)
  expect(markup).toContain('No records in this range')
  expect(markup).not.toContain('fewer words')
  expect(markup).toContain('start: beginning')
  expect(markup).toContain('href="/add-data"')
})

it('speaks of fewer words where some are searched for', () => {
  const markup = markupOf(<NoRecords text="log.level:error" />)
  expect(markup).toContain('No records match in this range')
  expect(markup).toContain('fewer words')
})
