import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { reasonOf } from '@warren/platform/errors'
import { holds, type Row, toLastLine, toTable, totalsOf } from './report.ts'
import { runChaos, type Shape } from './run.ts'

const usage = `npm run chaos -- [--shape embedded|external|both] [--short] [--seed N] [--pairs N] [--only TEXT]
Breaks a platform of its own while numbered items flow, and counts what became of each.`

const shapes: Readonly<Record<string, readonly Shape[]>> = {
  embedded: ['embedded'],
  external: ['external'],
  both: ['embedded', 'external'],
}

const say = (line: string): void => void process.stderr.write(`${line}\n`)
const print = (line: string): void => void process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      shape: { type: 'string', default: 'both' },
      short: { type: 'boolean', default: false },
      seed: { type: 'string' },
      pairs: { type: 'string' },
      only: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return print(usage)
  const chosen = shapes[values.shape]
  if (chosen === undefined) throw new Error(`--shape ${values.shape}?\n${usage}`)
  const seed = Number(values.seed ?? randomInt(1_000_000))
  const pairs = Number(values.pairs ?? (values.short ? 1 : 8))
  const rows: Row[] = []
  for (const shape of chosen) {
    const found = await runChaos({
      shape,
      short: values.short,
      seed,
      pairs,
      only: values.only,
      say,
    })
    print(`\n${shape}, seed ${seed}\n\n${toTable(found)}\n`)
    rows.push(...found)
  }
  print(toLastLine(totalsOf(rows)))
  process.exitCode = holds(rows) ? 0 : 1
}

try {
  await main()
} catch (error) {
  say(`chaos: ${reasonOf(error)}`)
  process.exitCode = 2
}
