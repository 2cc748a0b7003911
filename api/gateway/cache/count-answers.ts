import { Counter, type Registry } from 'prom-client'
import type { CacheState } from './cache-use.ts'

/** Counts answers to queries of metrics, or to searches of logs, by how they came about. */
export function countAnswers(
  registry: Registry,
  of: 'metric' | 'log',
): (state: CacheState) => void {
  const what = of === 'metric' ? 'metric queries' : 'searches of logs'
  const answers = new Counter({
    name: `warren_api_${of}_answers_total`,
    help: `Answers to ${what}, by what the cache had of them`,
    labelNames: ['cache'],
    registers: [registry],
  })
  return (state) => answers.inc({ cache: state })
}
