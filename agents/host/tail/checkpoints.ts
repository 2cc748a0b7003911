import { readFile } from 'node:fs/promises'
import { WarrenError } from '@warren/platform/errors'
import { z } from 'zod'
import { writeDurably } from '../durable-file.ts'

/** How far one file was read and its records confirmed. */
const positionSchema = z.object({
  path: z.string(),
  generation: z.uuid(),
  fingerprint: z.object({ length: z.int(), hash: z.string() }),
  offset: z.int().min(0),
  /** The offset is inside a line whose rest is left out. */
  skipping: z.boolean(),
})

const checkpointsSchema = z.object({
  version: z.literal(1),
  /** Configured globs that were followed before: what they match now and is not in `files` appeared while nobody looked. */
  patterns: z.array(z.string()),
  /** By `<device>:<inode>`. */
  files: z.record(z.string(), positionSchema),
})

export type Position = z.output<typeof positionSchema>
export type Checkpoints = z.output<typeof checkpointsSchema>

/** Reads the checkpoints; empty at an agent's first start. A damaged file is fatal: to start over silently would send or leave out whole files. */
export async function readCheckpoints(file: string): Promise<Checkpoints> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return { version: 1, patterns: [], files: {} }
  }
  try {
    return checkpointsSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new WarrenError(`${file} is damaged; remove it to start the tails anew`, {
      code: 'checkpoints_damaged',
      disposition: 'fatal',
      cause,
    })
  }
}

export const writeCheckpoints = (file: string, checkpoints: Checkpoints): Promise<void> =>
  writeDurably(file, JSON.stringify(checkpoints))
