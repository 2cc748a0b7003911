/** Something that takes turns with others. */
export interface Flow {
  /** What it may still spend of the rounds so far. */
  deficit: number
  /** Of what it would do next; above 0. */
  nextCost(): number
}

/** What a flow gets each round. */
const quantum = 4

interface Choice<F> {
  readonly flow: F
  readonly rounds: number
}

/** Deficit round robin (Shreedhar and Varghese, 1995): each flow gets the same cost a round, however dear each of its things. Rounds that nobody could use are skipped. */
export class DeficitRing<F extends Flow> {
  readonly #flows: F[] = []

  add(flow: F): void {
    this.#flows.push(flow)
  }

  remove(flow: F): void {
    const at = this.#flows.indexOf(flow)
    if (at >= 0) this.#flows.splice(at, 1)
  }

  /** Whose turn it would be. */
  peek(): F | undefined {
    return choose(this.#flows)?.flow
  }

  /** Whose turn it is among those that may have one; it pays for its next thing and goes behind the others. Undefined when none may. */
  next(mayTurn: (flow: F) => boolean): F | undefined {
    const able = this.#flows.filter(mayTurn)
    const choice = choose(able)
    if (choice === undefined) return undefined
    const { flow, rounds } = choice
    if (rounds > 0) for (const each of able) each.deficit += rounds * quantum
    flow.deficit -= flow.nextCost()
    this.remove(flow)
    this.add(flow)
    return flow
  }
}

/** The first that can pay soonest. */
function choose<F extends Flow>(flows: readonly F[]): Choice<F> | undefined {
  let choice: Choice<F> | undefined
  for (const flow of flows) {
    const rounds = Math.max(0, Math.ceil((flow.nextCost() - flow.deficit) / quantum))
    if (choice === undefined || rounds < choice.rounds) choice = { flow, rounds }
    if (rounds === 0) break
  }
  return choice
}
