import { expect, it } from 'vitest'
import { chooseNode } from './node.mjs'

it.each([
  ['24.9.0', true, 'own'],
  ['22.18.0', false, 'own'],
  ['22.17.1', true, 'carried'],
  ['20.20.2', true, 'carried'],
  ['20.20.2', false, undefined],
] as const)('Node.js %s, carried %s: %s', (version, hasCarried, expected) => {
  expect(chooseNode({ version, hasCarried })).toBe(expected)
})
