import { childrenOf } from './children.ts'
import { definitionsOf, meaningOf } from './cost/definitions.ts'
import { type Flow, flowInto, newFlow, workOfFlow, workOfListing } from './cost/read-work.ts'
import { momentIn, type TimeContext } from './cost/static-time.ts'
import { printFlux } from './print.ts'
import type { Call, Expr, Program, Statement } from './tree.ts'

/** Characters of text that cost one unit, as InfluxQL's estimate has it. */
const charactersAUnit = 20_000

export interface FluxCostContext {
  /** What `now()` means, ms since 1970. */
  readonly nowMs: number
}

/** What a program costs its store, in units of InfluxQL's estimate: pure, and in time about proportional to the text. A source is taken for 10 measurements of 10 fields unless filters right behind
 *  its range say which, and its range for a year where that is not known before the program runs, or is longer. */
export function costOfFlux(program: Program, { nowMs }: FluxCostContext): number {
  const definitions = definitionsOf(program)
  const context = { definitions, nowMs: nowOf(program, { definitions, nowMs }) }
  const size = printFlux(program).length / charactersAUnit
  const units = 1 + size + new Work(context).ofBlock(program.statements)
  return Math.round(units * 100) / 100
}

/** As the program sets it itself. */
function nowOf({ statements }: Program, context: TimeContext): number | undefined {
  let { nowMs } = context
  for (const statement of statements) {
    if (statement.kind !== 'option' || statement.name !== 'now') continue
    const { value } = statement
    const body = value.kind === 'function' && 'kind' in value.body ? value.body : undefined
    const set = body === undefined ? undefined : momentIn(body, context)
    nowMs = set?.leastMs === set?.mostMs ? set?.mostMs : undefined
  }
  return nowMs
}

/** What has been piped so far. */
interface Piped {
  /** Absent: it does not begin with a bucket. */
  readonly flow: Flow | undefined
  /** What stands within it costs, as arguments that read buckets themselves. */
  readonly within: number
}

/** Each expression is looked at once, however often variables name it: a name costs what it stands for each time that it is read. */
class Work {
  readonly #context: TimeContext
  readonly #known = new Map<Expr, Piped>()

  constructor(context: TimeContext) {
    this.#context = context
  }

  /** A definition costs where it is read; one that nobody reads may still yield. */
  ofBlock(statements: readonly Statement[]): number {
    const { read } = this.#context.definitions
    let sum = 0
    for (const statement of statements) {
      // In their order, so that what a name stands for is known when it is read: else this would go as deep as there are names.
      const work = this.#of(statement.value)
      if (statement.kind !== 'assign' || !read.has(statement.name)) sum += work
    }
    return sum
  }

  #of(expr: Expr): number {
    const { flow, within } = this.#pipedOf(expr)
    return within + (flow === undefined ? 0 : workOfFlow(flow))
  }

  /** Of all of them, and of what they consist of, which may be as high as a program is long. */
  #ofAll(exprs: readonly Expr[]): number {
    const open = [...exprs]
    let sum = 0
    for (let expr = open.pop(); expr !== undefined; expr = open.pop())
      if (isPlain(expr)) open.push(...childrenOf(expr))
      else sum += this.#of(expr)
    return sum
  }

  #pipedOf(expr: Expr): Piped {
    const followed = new Set<Expr>()
    let at = expr
    let known = this.#known.get(at)
    while (known === undefined) {
      const before = this.#before(at)
      if (before === undefined || followed.has(at)) break
      followed.add(at)
      at = before
      known = this.#known.get(at)
    }
    // For names that go around in a circle, which Flux refuses.
    if (known === undefined) this.#known.set(at, { flow: undefined, within: 0 })
    let piped = known ?? this.#begin(at)
    this.#known.set(at, piped)
    for (const next of [...followed].reverse()) {
      if (next.kind === 'pipe') piped = this.#into(piped, next.into)
      this.#known.set(next, piped)
    }
    return piped
  }

  /** What an expression continues. */
  #before(expr: Expr): Expr | undefined {
    if (expr.kind === 'pipe') return expr.from
    if (expr.kind === 'paren') return expr.expr
    if (expr.kind !== 'identifier') return undefined
    const value = meaningOf(expr.name, this.#context.definitions)
    return value?.kind === 'function' ? undefined : value
  }

  #into({ flow, within }: Piped, call: Call): Piped {
    return {
      flow: flow === undefined ? undefined : flowInto(flow, call, this.#context),
      within: within + this.#ofAll(childrenOf(call)),
    }
  }

  #begin(expr: Expr): Piped {
    // Of several meanings all, since it is not known which one it has.
    if (expr.kind === 'identifier') return { flow: undefined, within: this.#ofName(expr.name) }
    if (expr.kind === 'function' && !('kind' in expr.body)) {
      const defaults = expr.parameters.flatMap(({ byDefault }) => byDefault ?? [])
      return { flow: undefined, within: this.#ofAll(defaults) + this.ofBlock(expr.body) }
    }
    const within = this.#ofAll(childrenOf(expr))
    if (expr.kind !== 'call') return { flow: undefined, within }
    const { callee } = expr
    // Scoping lets nobody define another one.
    if (callee.kind === 'identifier' && callee.name === 'from') return { flow: newFlow, within }
    return { flow: undefined, within: within + this.#ofListing(expr) }
  }

  #ofName(name: string): number {
    return this.#ofAll(this.#context.definitions.values.get(name) ?? [])
  }

  #ofListing(call: Call): number {
    const { callee } = call
    if (callee.kind !== 'member' || callee.of.kind !== 'identifier') return 0
    const found = this.#context.definitions.packages.get(callee.of.name)
    return found?.readers.has(callee.name) === true ? workOfListing(call, this.#context) : 0
  }
}

const isPlain = (expr: Expr): boolean =>
  !['identifier', 'pipe', 'paren', 'call', 'function'].includes(expr.kind)
