import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { compileAssembly } from '@warren/platform/web-assembly.testing'
import { expect, it } from 'vitest'

const here = fileURLToPath(new URL('.', import.meta.url))

it('the module is what its source compiles to (if not: npm run wasm)', {
  timeout: 120_000,
}, async () => {
  expect(await compileAssembly(here)).toEqual(await readFile(`${here}number-rows.wasm`))
})
