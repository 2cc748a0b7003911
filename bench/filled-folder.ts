import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'

/** Milliseconds since the epoch. */
interface FilledRange {
  readonly fromMs: number
  readonly toMs: number
}

/** A data folder of Warren that holds what a bench asks for. */
export interface FilledFolder {
  readonly dataDir: string
  readonly range: FilledRange
  /** Removes it, unless it was named to be kept. */
  close(): Promise<void>
}

interface Filling {
  readonly items: number
  readonly rangeOf: (nowMs: number) => FilledRange
  readonly fill: (dataDir: string, range: FilledRange) => Promise<void>
}

interface Note extends FilledRange {
  readonly items: number
}

/** Fills a folder of its own; or the one that is named, unless an earlier run has: making millions of items takes minutes. */
export async function filledFolder(
  kept: string | undefined,
  { items, rangeOf, fill }: Filling,
): Promise<FilledFolder> {
  const dataDir = kept ?? (await makeTempDir('bench'))
  const close = async () => (kept === undefined ? removeTempDir(dataDir) : undefined)
  const note = join(dataDir, 'filled.json')
  const known = await readFile(note, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw cause
  })
  if (known !== undefined) {
    const { items: held, ...range } = JSON.parse(known) as Note
    if (held !== items) throw new Error(`${dataDir} holds ${held} items, not ${items}`)
    return { dataDir, range, close }
  }
  await mkdir(dataDir, { recursive: true })
  const range = rangeOf(Date.now())
  await fill(dataDir, range)
  await writeFile(note, JSON.stringify({ items, ...range } satisfies Note))
  return { dataDir, range, close }
}
