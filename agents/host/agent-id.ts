import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { WarrenError } from '@warren/platform/errors'
import { writeDurably } from './durable-file.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function readId(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** The UUID of this agent, kept in its data folder from the first start on. Record ids are made from it, so a damaged one is not replaced silently. */
export async function openAgentId(dataDir: string): Promise<string> {
  const file = join(dataDir, 'agent-id')
  const known = readId(file)
  if (known !== undefined && uuid.test(known)) return known
  if (known !== undefined)
    throw new WarrenError(`${file} holds no UUID; remove it to make this a new agent`, {
      code: 'agent_id_damaged',
      disposition: 'fatal',
    })
  const id = randomUUID()
  await writeDurably(file, `${id}\n`)
  return id
}
