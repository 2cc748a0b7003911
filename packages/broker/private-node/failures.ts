import { readFile } from 'node:fs/promises'
import { WarrenError } from '@warren/platform/errors'
import { exitFolder, exitLocked } from './supervisor.ts'

type NodeFailureCode =
  | 'broker_missing'
  | 'broker_failed'
  | 'already_running'
  | 'data_folder'
  | 'disk_full'

export const nodeFailure = (code: NodeFailureCode, message: string, cause?: unknown) =>
  new WarrenError(message, { code, disposition: 'fatal', cause })

/** An error of the file system as the operator's one line. */
export function folderFailure(dataDir: string, cause: unknown): WarrenError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return nodeFailure('disk_full', `no space left for the broker's data in ${dataDir}`, cause)
  return nodeFailure('data_folder', `the broker cannot use its folder ${dataDir}: ${code}`, cause)
}

const interesting = /error|failed|cannot|eaddrinuse|enospc|eacces|not found|corrupt/i

/** The line of the node's own output that says most. */
async function lastWords(outFile: string): Promise<string> {
  const text = await readFile(outFile, 'utf8').catch(() => '')
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const words = lines.findLast((line) => interesting.test(line)) ?? lines.at(-1)
  return words?.trim().slice(0, 300) ?? 'it said nothing'
}

export interface EndedNode {
  readonly dataDir: string
  readonly outFile: string
  readonly exitCode: number | null
}

/** Why the supervisor ended before the node was ready. */
export async function startFailure({
  dataDir,
  outFile,
  exitCode,
}: EndedNode): Promise<WarrenError> {
  if (exitCode === exitLocked)
    return nodeFailure('already_running', `another broker still runs on ${dataDir}`)
  if (exitCode === exitFolder) return folderFailure(dataDir, undefined)
  const words = await lastWords(outFile)
  if (/enospc|no space left/i.test(words)) return folderFailure(dataDir, { code: 'ENOSPC' })
  return nodeFailure('broker_failed', `RabbitMQ did not start: ${words} (see ${outFile})`)
}
