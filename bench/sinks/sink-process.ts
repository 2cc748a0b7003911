import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export type SinkKind = 'influx' | 'bulk'

export interface SinkProcess {
  readonly url: string
  readonly pid: number
  /** Items that it has taken. */
  stored(): Promise<number>
  close(): Promise<void>
}

/** A server in a process of its own that answers as a store does once it has read and parsed what it was sent, and keeps nothing but counts and ids. */
export async function startSink(kind: SinkKind, atPort = 0): Promise<SinkProcess> {
  const script = join(import.meta.dirname, `${kind}-sink.ts`)
  const child = spawn(process.execPath, [script, String(atPort)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string]
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    pid: child.pid ?? 0,
    async stored() {
      const counts = (await (await fetch(`${url}/counts`)).json()) as Record<string, number>
      if (counts['refused'] !== 0) throw new Error(`the sink refused ${counts['refused']} items`)
      return counts['stored'] ?? 0
    },
    async close() {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    },
  }
}
