import { readFile } from 'node:fs/promises'
import { WarrenError } from '@warren/platform/errors'
import { exitFolder, exitLocked } from './supervisor.ts'

type NodeFailureCode =
  | 'broker_missing'
  | 'broker_failed'
  | 'port_lost'
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

/** RabbitMQ's first complaint says most, below its headline; what follows it are Erlang's reports of the same. */
const firstError = /^.*\[error\] <[\d.]+> +(?!BOOT FAILED|=+$)(\S.*)$/m
/** Of the port that nodes speak to each other on, and of listeners. */
const lostPort = /dist_port_already_used|eaddrinuse/i

function firstWords(text: string): string {
  const words = firstError.exec(text)?.[1] ?? text.trimEnd().split('\n').at(-1) ?? ''
  return words === '' ? 'it said nothing' : words.slice(0, 300)
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
  const text = await readFile(outFile, 'utf8').catch(() => '')
  const words = firstWords(text)
  if (/enospc|no space left/i.test(words)) return folderFailure(dataDir, { code: 'ENOSPC' })
  const code = lostPort.test(text) ? 'port_lost' : 'broker_failed'
  return nodeFailure(code, `RabbitMQ did not start: ${words} (see ${outFile})`)
}
