import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface RelayProcess {
  readonly url: string
  readonly pid: number
  close(): Promise<void>
}

/** What any gateway costs that is a process of Node.js: a server that passes requests on to the store and does nothing else. */
export async function startRelay(storeUrl: string): Promise<RelayProcess> {
  const script = join(import.meta.dirname, 'relay.ts')
  const child = spawn(process.execPath, [script, storeUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string]
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    async close() {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    },
  }
}
