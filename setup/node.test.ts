import { expect, it } from 'vitest'
import { chooseNode, misreadsKeys } from './node.mjs'

it.each([
  { version: '24.22.3', misreads: false, hasCarried: true, chosen: 'own' },
  { version: '24.9.0', misreads: true, hasCarried: true, chosen: 'carried' },
  { version: '24.9.0', misreads: true, hasCarried: false, chosen: undefined },
  { version: '22.18.0', misreads: false, hasCarried: false, chosen: 'own' },
  { version: '22.17.1', misreads: false, hasCarried: true, chosen: 'carried' },
  { version: '20.20.2', misreads: false, hasCarried: true, chosen: 'carried' },
  { version: '20.20.2', misreads: false, hasCarried: false, chosen: undefined },
])(
  'of Node.js $version, misreads keys $misreads, carried $hasCarried: $chosen',
  ({ chosen, ...found }) => {
    expect(chooseNode(found)).toBe(chosen)
  },
)

it('is no Node.js that takes one key of JSON for another', () => {
  expect(misreadsKeys()).toBe(false)
})
