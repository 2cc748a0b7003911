import type { Health } from '@warren/contracts/http/status'
import type { ExchangeSpec, QueueSpec } from '@warren/contracts/topology'
import { createHealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import type { Connection } from './connection.ts'
import { plainReason } from './errors.ts'
import { declareTopology, type TopologyProblem } from './topology.ts'

/** What this process wants to exist on the broker, declared again after each reconnect and every half minute. */
export interface Declarations {
  add(exchanges: readonly ExchangeSpec[], queues: readonly QueueSpec[]): void
  /** Resolves when everything added so far was tried on the present connection. */
  settled(): Promise<void>
  health(): Health
  close(): Promise<void>
}

/** A binding can vanish without a word to us; declaring again costs a few frames and restores it. */
const repeatMs = 30_000

const wordsOf = (problems: readonly TopologyProblem[]): string =>
  problems.map(({ part, reason }) => `${part}: ${reason}`).join('; ')

export function createDeclarations(connection: Connection, log: Log): Declarations {
  const exchanges = new Map<string, ExchangeSpec>()
  const queues = new Map<string, QueueSpec>()
  const health = createHealthCell('broker topology')
  const closing = new AbortController()
  let last = Promise.resolve()
  let reported = ''
  /** A declaration waits for a connection and will take in what is added until then. */
  let waits = false

  const report = (problems: readonly TopologyProblem[]) => {
    const words = wordsOf(problems)
    if (words !== '' && words !== reported) log.warn('broker topology differs', { problems: words })
    reported = words
    if (problems.length === 0) health.set('green')
    else health.set(problems.every(({ usable }) => usable) ? 'yellow' : 'red', words)
  }

  const declareAll = async () => {
    try {
      const model = await connection.opened(closing.signal)
      waits = false
      report(await declareTopology(model, [...exchanges.values()], [...queues.values()]))
    } catch (error) {
      if (!closing.signal.aborted) health.set('red', plainReason(error))
    }
  }
  const again = () => {
    if (waits || closing.signal.aborted || exchanges.size + queues.size === 0) return
    waits = true
    last = last.then(declareAll)
  }

  connection.onChange(again)
  const timer = setInterval(again, repeatMs)
  timer.unref()

  return {
    add: (moreExchanges, moreQueues) => {
      for (const exchange of moreExchanges) exchanges.set(exchange.name, exchange)
      for (const queue of moreQueues) queues.set(queue.name, queue)
      again()
    },
    settled: () => last,
    health: () => {
      if (exchanges.size + queues.size === 0) health.set('green')
      return health.read()
    },
    close: async () => {
      clearInterval(timer)
      closing.abort()
      await last
    },
  }
}
