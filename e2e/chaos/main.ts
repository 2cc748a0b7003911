import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { exitStatusOf, readArguments, UsageError } from '../tool-options.ts'
import { holds, type Row, rowHolds, toLastLine, toTable, totalsOf } from './report.ts'
import { runChaos, type Shape } from './run.ts'

const usage = `npm run chaos -- [--shape embedded|external|both] [--short] [--seed N] [--pairs N] [--only TEXT] [--json FILE]
Breaks a platform of its own while numbered items flow, and counts what became of each.
  --seed N     decides the pairs of faults; printed with the result
  --json FILE  writes the rows there, too`

const shapes: Readonly<Record<string, readonly Shape[]>> = {
  embedded: ['embedded'],
  external: ['external'],
  both: ['embedded', 'external'],
}

const say = (line: string): void => void process.stderr.write(`${line}\n`)
const print = (line: string): void => void process.stdout.write(`${line}\n`)

function parseCount(name: string, text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 0) throw new UsageError(`--${name} ${text}?`)
  return count
}

function readOptions() {
  const { values } = readArguments({
    options: {
      shape: { type: 'string', default: 'both' },
      short: { type: 'boolean', default: false },
      seed: { type: 'string' },
      pairs: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const { shape, short, only, json, help } = values
  const chosen = shapes[shape]
  if (chosen === undefined) throw new UsageError(`--shape ${shape}?`)
  const seed = parseCount('seed', values.seed ?? String(randomInt(1_000_000)))
  const pairs = parseCount('pairs', values.pairs ?? (short ? '1' : '8'))
  return { chosen, short, only, json, help, seed, pairs }
}

interface ShapeRow extends Row {
  readonly shape: Shape
  readonly holds: boolean
}

/** Prints the result whatever it is; resolves with the exit code. */
async function main(signal: AbortSignal): Promise<number> {
  const { chosen, json, help, ...options } = readOptions()
  if (help) {
    print(usage)
    return 0
  }
  const rows: ShapeRow[] = []
  for (const shape of chosen) {
    const found = await runChaos({ ...options, shape, say, signal })
    print(`\n${shape}, seed ${options.seed}\n\n${toTable(found)}\n`)
    rows.push(...found.map((row) => ({ shape, ...row, holds: rowHolds(row) })))
  }
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ seed: options.seed, rows }, null, 2)}\n`)
  for (const row of rows.filter(({ holds }) => !holds)) say(`FAILED: ${row.shape}, ${row.fault}`)
  print(toLastLine(totalsOf(rows)))
  return holds(rows) ? 0 : 1
}

const leaving = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => leaving.abort(new Error(signal)))

// A load that was left to itself would go on for minutes.
process.exit(await exitStatusOf({ name: 'chaos', usage, failed: 2 }, () => main(leaving.signal)))
