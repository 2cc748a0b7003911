import { Random } from '../random.ts'
import type { Answerer } from './answerer.ts'
import { linesOf } from './dataset.ts'
import { compareBodies, type Equality } from './equality.ts'
import { explain } from './explained.ts'
import { clockLines } from './generate-clock-change.ts'
import { queryOf } from './generate-query.ts'

export interface Outcome {
  readonly query: string
  readonly epoch: string | undefined
  readonly equality: Equality
  /** Of a difference: the name of its class; absent when none is known. */
  readonly explanation?: string | undefined
  readonly hasRows: boolean
  readonly ours: string
  readonly theirs: string
}

interface Sides {
  readonly ours: Answerer
  readonly theirs: Answerer
}

const tenant = 'compared'

/** Writes the data that the seed decides to both, and yields how they answer each of its queries. */
export async function* compareQueries(
  { ours, theirs }: Sides,
  { seed, count }: { readonly seed: number; readonly count: number },
): AsyncGenerator<Outcome> {
  const random = new Random(seed)
  const lines = [...linesOf(random), ...clockLines]
  await Promise.all([ours.write(tenant, lines), theirs.write(tenant, lines)])
  for (let asked = 0; asked < count; asked++) {
    const { text: query, epoch } = queryOf(random)
    const [own, their] = await Promise.all(
      [ours, theirs].map((side) => side.ask(tenant, { text: query, epoch })),
    )
    yield toOutcome({ query, epoch, ours: own ?? '', theirs: their ?? '' })
  }
}

function toOutcome(answers: Pick<Outcome, 'query' | 'epoch' | 'ours' | 'theirs'>): Outcome {
  const { query, ours, theirs } = answers
  const equality = compareBodies(query, ours, theirs)
  return {
    ...answers,
    equality,
    hasRows: theirs.includes('"values"'),
    explanation: equality === 'different' ? explain(answers)?.name : undefined,
  }
}

export class Tally {
  readonly equal: Record<Equality, number> = { same: 0, near: 0, different: 0 }
  readonly explained = new Map<string, number>()
  unexplained = 0
  withRows = 0

  add({ equality, explanation, hasRows }: Outcome): void {
    this.equal[equality]++
    if (hasRows) this.withRows++
    if (equality !== 'different') return
    if (explanation === undefined) this.unexplained++
    else this.explained.set(explanation, (this.explained.get(explanation) ?? 0) + 1)
  }

  get total(): number {
    return this.equal.same + this.equal.near + this.equal.different
  }

  /** Percent of the answers that are equal, those within the tolerance of sums and of Go's mathematics included. */
  get percent(): number {
    return (100 * (this.equal.same + this.equal.near)) / Math.max(1, this.total)
  }
}
