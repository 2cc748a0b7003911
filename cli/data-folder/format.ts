import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ExitError } from '../exit-error.ts'
import { replaceFile } from './replace-file.ts'

/** Brings a data folder from `from` to `from + 1`. Runs on the folder itself, after a copy was made. */
export interface FormatMigration {
  readonly from: number
  migrate(folder: string): void
}

const formatSchema = z.object({ format: z.int().min(1) })
const fileOf = (folder: string): string => join(folder, 'format.json')

function readFormat(folder: string): number | undefined {
  let text: string
  try {
    text = readFileSync(fileOf(folder), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return formatSchema.parse(JSON.parse(text)).format
  } catch {
    throw new ExitError('dataVersion', `${fileOf(folder)} does not say the folder's format`)
  }
}

const writeFormat = (folder: string, format: number): void =>
  replaceFile(fileOf(folder), `${JSON.stringify({ format })}\n`)

export interface FormatOptions {
  readonly current: number
  readonly migrations: readonly FormatMigration[]
  /** Told before the copy is made. */
  readonly say: (line: string) => void
}

/** Makes the folder one of the current format: a new one is marked, an older one copied beside itself and migrated, a newer one refused. */
export function ensureFormat(folder: string, { current, migrations, say }: FormatOptions): void {
  const found = readFormat(folder)
  if (found === current) return
  if (found === undefined) {
    writeFormat(folder, current)
    return
  }
  if (found > current)
    throw new ExitError(
      'dataVersion',
      `${folder} has data format ${found}, made by a newer Warren; this one reads up to ${current}. Start the newer version, or name another folder in WARREN_DATA_DIR`,
    )
  const copy = `${folder}.format-${found}`
  say(`migrating ${folder} from data format ${found} to ${current}; the old one is kept in ${copy}`)
  cpSync(folder, copy, {
    recursive: true,
    errorOnExist: true,
    force: false,
    preserveTimestamps: true,
  })
  for (let format = found; format < current; format++) {
    const step = migrations.find(({ from }) => from === format)
    if (step === undefined) throw new Error(`BUG: no migration from data format ${format}`)
    step.migrate(folder)
    writeFormat(folder, format + 1)
  }
}
