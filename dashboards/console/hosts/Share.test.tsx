import { expect, it } from 'vitest'
import { markupOf } from '../testing.tsx'
import { Share } from './Share.tsx'

it.each([
  [17.92547834843907, '18'],
  [3.2479, '3.2'],
])('reads %d out as it shows it', (value, text) => {
  const markup = markupOf(<Share what="CPU" value={value} />)
  expect(markup).toContain(`aria-valuetext="${text}%"`)
  expect(markup).toContain(`aria-valuenow="${text}"`)
  expect(markup).toContain(`${text} %`)
})
