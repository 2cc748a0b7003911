import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface FloodOrder {
  /** Of the api. */
  readonly url: string
  /** Clients have them in turn. */
  readonly tokens: readonly string[]
  readonly clients: number
}

export interface FloodEnded {
  readonly answered: number
}

export interface FloodProcess {
  /** Resolves with how many questions were answered. */
  end(): Promise<number>
}

/** Clients that flood an api from a process of their own: in that of who measures, its questions would wait for theirs to be sent and read. */
export function startFlood(order: FloodOrder): FloodProcess {
  const child = fork(join(import.meta.dirname, 'flood.ts'))
  const ended = once(child, 'message') as Promise<[FloodEnded]>
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the flood ended with ${code}`)
  })
  failed.catch(() => undefined)
  child.send(order)
  return {
    async end() {
      child.send('end')
      const [{ answered }] = await Promise.race([ended, failed])
      return answered
    },
  }
}
