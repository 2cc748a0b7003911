import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as registry from './index.ts'

test('are registered under their own names, each a file', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.ts') && !/^(index|input)\.|\.test\.ts$/.test(name))
    .map((name) => name.replace('.ts', ''))
  expect(Object.keys(registry).sort()).toEqual(files.sort())
  for (const [name, input] of Object.entries(registry)) expect(input.type).toBe(name)
})
