import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import { expect, it } from 'vitest'

const here = fileURLToPath(new URL('.', import.meta.url))

it('the module is what its source compiles to (if not: npm run wasm)', {
  timeout: 120_000,
}, async () => {
  const compiled: Uint8Array[] = []
  const { error, stderr } = await asc.main(
    ['--config', 'assembly/asconfig.json', '--target', 'release', '--baseDir', here],
    {
      writeFile: (_name, contents) => {
        compiled.push(Buffer.from(contents))
      },
    },
  )
  expect(error, `${stderr}`).toBeNull()
  expect(compiled).toEqual([await readFile(`${here}number-rows.wasm`)])
})
